/** The memory of the Gateway's process as a picture. Knows no page. */
export interface MemoryPicture {
  line: string;
  area: string;
  last: { x: number; y: number } | null;
  /** Height of the most that the heap may take; absent when it is not known. */
  maximum: number | null;
  marks: { y: number; text: string }[];
  times: { x: number; at: number | null; anchor: 'start' | 'middle' | 'end' }[];
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Steps between the marks, in megabytes. */
const STEPS = [100, 200, 400, 500, 1000, 2000, 4000, 8000];

export function picture(points: readonly [seconds: number, mb: number][], maximumMb: number | null, box: Box): MemoryPicture {
  const most = Math.max(maximumMb ?? 0, ...points.map(([, mb]) => mb), 100);
  const step = STEPS.find((one) => most / one <= 4) ?? 16_000;
  const top = Math.max(most, step * Math.ceil(most / step - 0.25));
  const y = (mb: number): number => box.bottom - (mb / top) * (box.bottom - box.top);
  const from = points[0]?.[0] ?? 0;
  const to = points.at(-1)?.[0] ?? 1;
  const x = (at: number): number => (to === from ? box.right : box.left + ((at - from) / (to - from)) * (box.right - box.left));
  const line = points.map(([at, mb], i) => `${i === 0 ? 'M' : 'L'}${x(at).toFixed(1)},${y(mb).toFixed(1)}`).join('');
  const last = points.at(-1);
  const marks = Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step).filter((mb) => maximumMb === null || Math.abs(y(mb) - y(maximumMb)) > 12 || mb === 0);
  return {
    line,
    area: points.length < 2 ? '' : `${line}L${box.right},${box.bottom} ${box.left},${box.bottom}Z`,
    last: last ? { x: x(last[0]), y: y(last[1]) } : null,
    maximum: maximumMb === null ? null : y(maximumMb),
    marks: marks.map((mb) => ({ y: y(mb), text: String(mb) })),
    times: points.length < 2 ? [] : [0, 1, 2, 3, 4].map((i) => ({ x: box.left + ((box.right - box.left) * i) / 4, at: i === 4 ? null : Math.round(from + ((to - from) * i) / 4), anchor: i === 0 ? 'start' : i === 4 ? 'end' : 'middle' })),
  };
}
