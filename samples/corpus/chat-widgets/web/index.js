export * from "./toast.js";
