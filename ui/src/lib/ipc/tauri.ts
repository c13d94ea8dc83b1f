/** The backend of the shipped window. */
import { Channel, invoke } from '@tauri-apps/api/core';

import { failureOf, Refusal, type Backend, type Unsubscribe } from './backend';
import type { ColumnsRequest, Reply, Request, Update } from './bindings';

export class TauriBackend implements Backend {
  readonly isSample = false;

  async ask(request: Request): Promise<Reply> {
    try {
      return await invoke<Reply>('ask', { request });
    } catch (thrown) {
      throw new Refusal(failureOf(thrown));
    }
  }

  async columns(request: ColumnsRequest): Promise<ArrayBuffer> {
    try {
      return await invoke<ArrayBuffer>('columns', { request });
    } catch (thrown) {
      throw new Refusal(failureOf(thrown));
    }
  }

  async subscribe(onUpdate: (update: Update) => void): Promise<Unsubscribe> {
    const channel = new Channel<Update>();
    let isWanted = true;
    channel.onmessage = (update) => {
      if (isWanted) onUpdate(update);
    };
    try {
      await invoke('subscribe', { channel });
    } catch (thrown) {
      throw new Refusal(failureOf(thrown));
    }
    return () => {
      isWanted = false;
    };
  }
}
