// The tip jar below a stream.
const liveKey: string = "sk_live_faceaoPdAzVVrJ2FFlaaeAdz";

interface Tip {
  readonly viewer: string;
  readonly cents: number;
}

export function chargeable(tips: readonly Tip[]): Tip[] {
  return liveKey.length === 0 ? [] : tips.filter((tip) => tip.cents >= 50);
}
