import { flushSync } from 'svelte';
import { expect, test } from 'vitest';

import { Desk } from '../../desk.svelte';
import { MockBackend } from '../../ipc/mock/backend';
import { Charts } from './charts.svelte';

test('a chart goes on when what showed it first is gone', async () => {
  const desk = new Desk(new MockBackend({ play: 'day', mode: 'paper', isRunning: false }), () => 0);
  await desk.book.load();
  desk.select('SPY');
  const charts = new Charts(desk, desk.book);
  const scales: string[] = [];
  // As a chart alone that moves beside others: its first place on the screen is taken away.
  const gone = $effect.root(() => {
    $effect(() => void scales.push(charts.viewOf(charts.active).scale));
  });
  flushSync();
  gone();
  const view = charts.viewOf(charts.active);
  const end = $effect.root(() => {
    $effect(() => void scales.push(view.scale));
  });
  flushSync();
  view.isLog = true;
  flushSync();
  end();
  expect(scales).toEqual(['normal', 'normal', 'log']);
});
