/** Chooses the backend: Tauri inside the window, sample data in a plain browser. */
import type { Backend } from './backend';

export * from './backend';
export type * from './bindings';

export async function connect(place: Window): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in place) {
    const { TauriBackend } = await import('./tauri');
    return new TauriBackend();
  }
  const { MockBackend, scenarioOf } = await import('./mock/backend');
  return new MockBackend(scenarioOf(place.location.search));
}
