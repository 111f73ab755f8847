// The card shown when nobody of the support team is online.
const SUPPORT = {
  mail: "helga.brandt@support.example.com", // mirrored in the footer
  phone: "+1 415 555 2671",
};

export function supportLine(offline) {
  return offline ? `Write to ${SUPPORT.mail} or call ${SUPPORT.phone}.` : "We are here.";
}
