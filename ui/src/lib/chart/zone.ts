/** The chart library's axis of time, on which days, months and years begin by the clock of the market. */
import { defaultHorzScaleBehavior, type IHorzScaleBehavior, type Time, type TimeChartOptions } from 'lightweight-charts';

import { wallClock } from './wallclock';

type Points = Parameters<IHorzScaleBehavior<Time>['fillWeightsForPoints']>[0];

/** The chart library's own axis of time, whose days begin at midnight UTC, on the market's clock. */
export class MarketTime extends defaultHorzScaleBehavior() {
  /** `isOfDays`: whether the points are dates, which are UTC's. */
  constructor(private readonly isOfDays: () => boolean = () => false) {
    super();
  }

  override options(): TimeChartOptions {
    return super.options() as TimeChartOptions;
  }

  override fillWeightsForPoints(points: Points, startIndex: number): void {
    if (this.isOfDays()) {
      super.fillWeightsForPoints(points, startIndex);
      return;
    }
    // What a point weighs depends on the one before it.
    const first = Math.max(0, startIndex - 1);
    const shown = points.slice(first).map((point) => ({ ...point, time: this.convertHorzItemToInternal(wallClock(Number(point.originalTime)) as Time) }));
    super.fillWeightsForPoints(shown, startIndex - first);
    shown.forEach(({ timeWeight }, i) => {
      const point = points[first + i];
      if (point && first + i >= startIndex) point.timeWeight = timeWeight;
    });
  }
}
