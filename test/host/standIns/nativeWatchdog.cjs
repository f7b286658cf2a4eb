'use strict';
// Stands in for the native module native-watchdog, which ends an extension host whose server died. The extension host
// also checks that by itself.
const process = require('node:process');

exports.start = () => {};
exports.exit = (code) => process.exit(code ?? 0);
