import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './styles/tokens.css';
import './styles/base.css';
import './styles/ui.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { connect } from './lib/ipc';
import { followTheme } from './lib/theme';

followTheme(document.documentElement, window);
const target = document.getElementById('app');
if (target) mount(App, { target, props: { backend: await connect(window) } });
