/** Paints drawings: on the chart, and into pictures that are saved. */
import type { Colour, Drawing } from './model';
import { FONT_SIZE, type Point, type Shape } from './shapes';

/** What a canvas has and a picture of vectors can have too. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  'save' | 'restore' | 'beginPath' | 'moveTo' | 'lineTo' | 'arc' | 'stroke' | 'fill' | 'fillRect' | 'strokeRect' | 'fillText' | 'measureText' | 'setLineDash' | 'strokeStyle' | 'fillStyle' | 'lineWidth' | 'font' | 'textAlign' | 'textBaseline' | 'globalAlpha'
>;

export interface Paints {
  colours: Record<Colour, string>;
  pane: string;
  font: string;
}

export interface Painted {
  drawing: Drawing;
  shapes: readonly Shape[];
  isSelected: boolean;
  /** Where its handles are. */
  handles: readonly Point[];
  /** The handle that keys move. */
  handle: number | null;
}

const HANDLE = 4.5;

export function paint(pen: Pen, { drawing, shapes, isSelected, handles, handle }: Painted, paints: Paints): void {
  const colour = paints.colours[drawing.colour];
  pen.save();
  pen.font = `${FONT_SIZE}px ${paints.font}`;
  pen.textBaseline = 'middle';
  pen.strokeStyle = colour;
  pen.lineWidth = isSelected ? 2 : 1.5;
  for (const shape of shapes) paintShape(pen, shape, colour, paints);
  if (isSelected) handles.forEach((at, i) => paintHandle(pen, at, i === handle, colour, paints));
  pen.restore();
}

function paintShape(pen: Pen, shape: Shape, colour: string, paints: Paints): void {
  if (shape.is === 'line') {
    pen.setLineDash(shape.isDashed ? [4, 4] : []);
    pen.beginPath();
    pen.moveTo(shape.from.x, shape.from.y);
    pen.lineTo(shape.to.x, shape.to.y);
    pen.stroke();
    pen.setLineDash([]);
  } else if (shape.is === 'box') {
    pen.globalAlpha = 0.14;
    pen.fillStyle = colour;
    pen.fillRect(shape.x, shape.y, shape.width, shape.height);
    pen.globalAlpha = 1;
    if (shape.isEdged) pen.strokeRect(shape.x, shape.y, shape.width, shape.height);
  } else {
    pen.textAlign = shape.align;
    if (shape.hasPlate) {
      const { width } = pen.measureText(shape.text);
      const left = shape.align === 'left' ? shape.x : shape.align === 'right' ? shape.x - width : shape.x - width / 2;
      pen.fillStyle = paints.pane;
      pen.fillRect(left - 4, shape.y - 7, width + 8, 14);
    }
    pen.fillStyle = colour;
    pen.fillText(shape.text, shape.x, shape.y);
  }
}

function paintHandle(pen: Pen, { x, y }: Point, isChosen: boolean, colour: string, paints: Paints): void {
  pen.beginPath();
  pen.fillStyle = isChosen ? colour : paints.pane;
  pen.lineWidth = 1.5;
  pen.arc(x, y, isChosen ? HANDLE + 1.5 : HANDLE, 0, Math.PI * 2);
  pen.fill();
  pen.stroke();
}
