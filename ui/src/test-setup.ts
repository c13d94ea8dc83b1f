import { afterEach, beforeAll } from 'vitest';

// The window as it is drawn; jsdom's own is narrower than the least that Gatehouse allows.
beforeAll(() => {
  window.innerWidth = 1440;
  window.innerHeight = 900;
});

afterEach(() => {
  document.body.replaceChildren();
});
