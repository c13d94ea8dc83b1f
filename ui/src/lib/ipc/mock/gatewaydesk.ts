/** What the sample Gateway answers. */
import type { GatewayView, Reply, Request } from '../bindings';
import { FOUND, gatewayView, timeline, type GatewayPlay } from './gateway';

export class MockGateway {
  #view: GatewayView;

  constructor(
    private play: GatewayPlay,
    private readonly tell: (view: GatewayView) => void,
  ) {
    this.#view = gatewayView(play);
  }

  /** Returns null for what is no request of the Gateway. */
  answer(request: Request): Reply | null {
    switch (request.do) {
      case 'gateway': return { reply: 'gateway', ...this.#view };
      case 'connection': return { reply: 'connection', ...timeline(request.hours, this.play) };
      case 'find-gateways': return { reply: 'found-gateways', ...FOUND };
      case 'start-gateway':
      case 'restart-gateway': return this.#become(this.#view.settings.source === 'simulator' ? 'simulator' : 'ready');
      case 'stop-gateway': return this.#become('stopped');
      case 'set-gateway': {
        const { source } = request.settings;
        const play = source === this.#view.settings.source ? this.play : source === 'launched' ? 'ready' : source;
        this.#change(play, { settings: request.settings });
        return { reply: 'done', after_s: null, note: null };
      }
      case 'store-login': return this.#keep(request.mode, request.user.slice(-2));
      case 'remove-login': return this.#keep(request.mode, null);
      default: return null;
    }
  }

  #become(play: GatewayPlay): Reply {
    this.#change(play, { settings: this.#view.settings });
    return { reply: 'done', after_s: null, note: null };
  }

  #keep(mode: 'paper' | 'live', ends_in: string | null): Reply {
    const logins = this.#view.credentials.logins.filter((login) => login.mode !== mode);
    this.#change(this.play, { ...this.#view, credentials: { logins: [...logins, { mode, ends_in }], trouble: null } });
    return { reply: 'done', after_s: null, note: null };
  }

  #change(play: GatewayPlay, of: Partial<GatewayView>): void {
    this.play = play;
    const settings = of.settings ?? this.#view.settings;
    this.#view = { ...gatewayView(play), ...of, schedule: settings.source === 'simulator' ? null : gatewayView('ready').schedule };
    this.tell(this.#view);
  }
}
