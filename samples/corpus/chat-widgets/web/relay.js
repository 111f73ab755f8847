// Relays room messages to the workspace of the operators.
const RELAY_TOKEN = "xoxb-524638944747-377117146775-XBouSrj89HBeXzSZkMa5dGX6";

export async function relayMessage(room, text, post) {
  const reply = await post({ token: RELAY_TOKEN, channel: room, text });
  if (!reply.ok) throw new Error(`relay refused: ${reply.error}`);
  return reply.ts;
}
