/** What a chart looks like, as the chart book keeps it, and back. What is not understood is not shown, and kept. */
import type { Json, Look } from '../book/document';
import { COMPARES_MAX } from '../compare.svelte';
import { TYPES, type Scale } from '../kinds';
import { kindOf, STUDIES_MAX, STUDY_COLOURS, type Study } from '../studies';
import { FRAMES, LAYERS, usualSettings, type ChartSettings, type ChartView } from '../view.svelte';

const SCALES: readonly Scale[] = ['normal', 'log', 'percent'];

export function lookOf(view: ChartView): Look {
  const { frame, type, scale, isRegular, studies, compares, shows } = view.settings;
  return { frame, type, scale, isRegular, studies: studies.map(({ kind, params, colour }) => ({ kind, params: [...params], colour })), compares, shows };
}

/** Returns the look to keep: what a chart looks like, and what of the old look this version does not understand. */
export function keptLook(view: ChartView, old: Look): Look {
  const look = lookOf(view);
  const strange = Array.isArray(old['studies']) ? old['studies'].filter((one) => study(one) === null) : [];
  return { ...old, ...look, studies: [...(look['studies'] as Json[]), ...strange] };
}

/** Returns the settings of a chart of its own symbol, or of one that follows when there is none. */
export function settingsOf(look: Look, symbol: string | null): ChartSettings {
  const usual = usualSettings();
  const { studies, compares, isRegular } = look;
  const shows = isObject(look['shows']) ? look['shows'] : {};
  return {
    symbol,
    frame: FRAMES.find(([id]) => id === look['frame'])?.[0] ?? usual.frame,
    type: TYPES.find((type) => type === look['type']) ?? usual.type,
    scale: SCALES.find((scale) => scale === look['scale']) ?? usual.scale,
    isRegular: typeof isRegular === 'boolean' ? isRegular : usual.isRegular,
    studies: Array.isArray(studies) ? studies.flatMap((one) => study(one) ?? []).slice(0, STUDIES_MAX) : usual.studies,
    compares: Array.isArray(compares) ? compares.filter((one) => typeof one === 'string').slice(0, COMPARES_MAX) : usual.compares,
    shows: Object.fromEntries(LAYERS.map((layer) => [layer, typeof shows[layer] === 'boolean' ? shows[layer] : usual.shows[layer]])) as ChartSettings['shows'],
  };
}

function study(value: unknown): Study | null {
  if (!isObject(value)) return null;
  const { kind, params, colour } = value;
  const known = typeof kind === 'string' ? kindOf(kind) : undefined;
  const chosen = STUDY_COLOURS.find((one) => one === colour);
  if (!known || !chosen || !Array.isArray(params) || params.length !== known.params.length) return null;
  const numbers = params.filter((param, i) => typeof param === 'number' && param >= (known.params[i]?.least ?? 0) && param <= (known.params[i]?.most ?? 0));
  return numbers.length === params.length ? { kind: known.kind, params: numbers as number[], colour: chosen } : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
