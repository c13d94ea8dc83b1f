/** Makes the page larger: the web view's own zoom inside the window, CSS in a plain browser. */
export async function zoomPage(place: Window, factor: number): Promise<void> {
  if ('__TAURI_INTERNALS__' in place) {
    const { getCurrentWebview } = await import('@tauri-apps/api/webview');
    await getCurrentWebview().setZoom(factor);
    return;
  }
  place.document.documentElement.style.setProperty('zoom', String(factor));
}
