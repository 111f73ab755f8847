module.exports = {
  rules: { semi: "error", "no-undef": "error", "prefer-const": "warn", eqeqeq: "error" },
  root: true,
};
