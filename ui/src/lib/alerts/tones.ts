/** Two short tones, made by the window itself: no file, no other program. */

/** Hertz of the tones, one after the other. */
const PITCHES = [880, 660];
const TONE_S = 0.18;
const GAP_S = 0.06;
/** Loud enough to be heard in the next room at a usual volume, soft enough for headphones. */
const GAIN = 0.25;
/** A tone that begins or ends at once clicks. */
const RAMP_S = 0.02;

export type MakeContext = () => AudioContext | null;

/** A web view without sound has no constructor. */
export const ofWindow: MakeContext = () => (typeof AudioContext === 'undefined' ? null : new AudioContext());

export class Tones {
  #context: AudioContext | null = null;

  constructor(private readonly make: MakeContext = ofWindow) {}

  /** A web view sounds only after a person touched it: called at the first touch. */
  unlock(): void {
    this.#context ??= this.make();
    if (this.#context?.state === 'suspended') void this.#context.resume().catch(() => undefined);
  }

  /** Plays both tones; those of a window that nobody touched yet sound at the first touch. */
  play(): void {
    this.unlock();
    const context = this.#context;
    if (!context) return;
    PITCHES.forEach((pitch, i) => {
      const begin = context.currentTime + i * (TONE_S + GAP_S);
      const end = begin + TONE_S;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, begin);
      volume.gain.linearRampToValueAtTime(GAIN, begin + RAMP_S);
      volume.gain.setValueAtTime(GAIN, end - RAMP_S);
      volume.gain.linearRampToValueAtTime(0, end);
      tone.connect(volume).connect(context.destination);
      tone.start(begin);
      tone.stop(end);
    });
  }
}
