// Built at 12:30:45 from commit 3f786850e387550fdab836ed7e6dc881de23001b.
export const BUILD_ID = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
export const DIGEST = "89e6c98d92887913cadf06b2adb97f26cde4849b";
export const HELP_URL = "https://help.example.com/widgets/build";
export const ICON = 'images/icon@2x.png';

// To pin it: npm i pkg@1.2.3 @scope/other@4.5.6
export function startedAt(clock) {
  return clock === "00:00:00" ? "midnight" : `at ${clock}, see "${HELP_URL}"`;
}
