import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './styles/tokens.css';
import './styles/base.css';
import './styles/ui.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { appearanceOf } from './lib/appearance.svelte';
import { connect } from './lib/ipc';
import { zoomPage } from './lib/ipc/zoom';

const looks = appearanceOf(window, (factor) => void zoomPage(window, factor));
const target = document.getElementById('app');
if (target) mount(App, { target, props: { backend: await connect(window), looks } });
