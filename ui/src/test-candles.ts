/** Stands for the chart library where nothing is drawn: jsdom has no canvas. */
export class Candles {
  show(): void {}
  leave(): void {}
  move(): void {}
  reset(): void {}
  remove(): void {}
  pointAt(): void {}
  addPrimitive(): () => void {
    return () => undefined;
  }
  onpoint(): () => void {
    return () => undefined;
  }
  xOf(): null {
    return null;
  }
  timeAt(): null {
    return null;
  }
  yOf(): null {
    return null;
  }
  priceAt(): null {
    return null;
  }
}
