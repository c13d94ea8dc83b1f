/** What a login may look like. Nothing here keeps any of it. */

const PLACES = { user: 'The user name', password: 'The password' } as const;

/** Returns why this cannot be kept, or null when it can. */
export function wrongWith(what: keyof typeof PLACES, value: string): string | null {
  const name = PLACES[what];
  if (value === '') return `${name} is missing.`;
  if (value.trim() !== value) return `${name} begins or ends with a blank. The login helper cuts blanks off there, so the login would fail.${what === 'password' ? ' Choose another password at the broker first.' : ''}`;
  // Every control character, line ends among them.
  if ([...value].some((letter) => letter < ' ' || letter === '\u007f')) return `${name} holds a character that cannot be typed.`;
  return null;
}
