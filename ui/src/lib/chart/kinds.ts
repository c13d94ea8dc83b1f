/** The ways in which a chart can be drawn. */
export const TYPES = ['candles', 'bars', 'heikin-ashi', 'line'] as const;
export type ChartType = (typeof TYPES)[number];

/** With others beside it, a chart shows percent of what is first in sight. */
export type Scale = 'normal' | 'log' | 'percent';
