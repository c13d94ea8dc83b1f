/** How the window looks: theme, palette, density and size of text. Kept by the window itself: it changes no order. */
export const THEMES = ['dark', 'light', 'hc'] as const;
export type Theme = (typeof THEMES)[number];
export const PALETTES = ['default', 'cvd', 'east'] as const;
export type Palette = (typeof PALETTES)[number];
export const DENSITIES = ['compact', 'relaxed'] as const;
export type Density = (typeof DENSITIES)[number];
/** Sizes of text in percent; 200 is the zoom that WCAG asks for. */
export const SCALES = [80, 90, 100, 110, 125, 150, 200] as const;

const KEY = 'gatehouse.appearance';

interface Kept {
  theme?: unknown;
  palette?: unknown;
  density?: unknown;
  scale?: unknown;
}

export interface AppearancePlace {
  root: HTMLElement;
  /** Null where nothing is kept. */
  storage: Pick<Storage, 'getItem' | 'setItem'> | null;
  prefers: (query: string) => Pick<MediaQueryList, 'matches' | 'addEventListener'> | null;
  /** Makes the whole page larger or smaller; 1 is as designed. */
  zoom: (factor: number) => void;
}

export class Appearance {
  /** Null follows the system. */
  theme = $state<Theme | null>(null);
  palette = $state<Palette>('default');
  density = $state<Density>('compact');
  scale = $state<number>(100);

  readonly #light: ReturnType<AppearancePlace['prefers']>;
  readonly #contrast: ReturnType<AppearancePlace['prefers']>;

  constructor(private readonly place: AppearancePlace) {
    this.#light = place.prefers('(prefers-color-scheme: light)');
    this.#contrast = place.prefers('(prefers-contrast: more)');
    const kept = read(place.storage);
    this.theme = THEMES.find((theme) => theme === kept.theme) ?? null;
    this.palette = PALETTES.find((palette) => palette === kept.palette) ?? 'default';
    this.density = DENSITIES.find((density) => density === kept.density) ?? 'compact';
    this.scale = SCALES.find((scale) => scale === kept.scale) ?? 100;
    this.#light?.addEventListener('change', () => this.#show());
    this.#contrast?.addEventListener('change', () => this.#show());
    this.#show();
    if (this.scale !== 100) place.zoom(this.scale / 100);
  }

  get shown(): Theme {
    return this.theme ?? (this.#contrast?.matches ? 'hc' : this.#light?.matches ? 'light' : 'dark');
  }

  setTheme(theme: Theme | null): void {
    this.theme = theme;
    this.#keep();
  }

  setPalette(palette: Palette): void {
    this.palette = palette;
    this.#keep();
  }

  setDensity(density: Density): void {
    this.density = density;
    this.#keep();
  }

  setScale(scale: number): void {
    this.scale = scale;
    this.place.zoom(scale / 100);
    this.#keep();
  }

  /** Goes to the next larger or smaller size of text; the ends stay. */
  stepScale(step: 1 | -1): void {
    const at = SCALES.findIndex((scale) => scale === this.scale);
    this.setScale(SCALES[Math.max(0, Math.min(SCALES.length - 1, at + step))] ?? 100);
  }

  #keep(): void {
    this.#show();
    try {
      this.place.storage?.setItem(KEY, JSON.stringify({ theme: this.theme, palette: this.palette, density: this.density, scale: this.scale }));
    } catch {
      // A window that may keep nothing still changes its looks.
    }
  }

  #show(): void {
    this.place.root.dataset['theme'] = this.shown;
    if (this.palette === 'default') delete this.place.root.dataset['palette'];
    else this.place.root.dataset['palette'] = this.palette;
    if (this.density === 'compact') delete this.place.root.dataset['density'];
    else this.place.root.dataset['density'] = this.density;
  }
}

function read(storage: AppearancePlace['storage']): Kept {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

/** Returns the looks of a window; `?theme=`, `?palette=` and `?scale=` choose some for this once. */
export function appearanceOf(place: Window, zoom: (factor: number) => void): Appearance {
  const made = new Appearance({
    root: place.document.documentElement,
    storage: storageOf(place),
    prefers: (query) => (typeof place.matchMedia === 'function' ? place.matchMedia(query) : null),
    zoom,
  });
  const asked = new URLSearchParams(place.location.search);
  const theme = THEMES.find((one) => one === asked.get('theme'));
  const palette = PALETTES.find((one) => one === asked.get('palette'));
  const scale = SCALES.find((one) => String(one) === asked.get('scale'));
  if (theme) made.setTheme(theme);
  if (palette) made.setPalette(palette);
  if (scale) made.setScale(scale);
  return made;
}

function storageOf(place: Window): Storage | null {
  try {
    return place.localStorage;
  } catch {
    return null;
  }
}
