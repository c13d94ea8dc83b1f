/** Names of the signs, by what they mean here. */
export type IconName =
  | 'home' | 'chart' | 'orders' | 'risk' | 'audit' | 'bot' | 'gate' | 'check' | 'warn' | 'clock' | 'refused' | 'stop' | 'info'
  | 'plug' | 'lock' | 'plus' | 'close' | 'undo' | 'copy' | 'search' | 'filter' | 'shield' | 'broken' | 'person' | 'broker'
  | 'bell' | 'columns' | 'minus' | 'change' | 'more'
  | 'sun' | 'download' | 'link' | 'table' | 'pause' | 'keyboard' | 'replay'
  | 'gateway' | 'settings' | 'restart' | 'phone' | 'key' | 'back' | 'folder';
