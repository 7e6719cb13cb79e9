// Azurite's blob server, which ends when the program that started it does: its end of this pipe closes then, however it dies.
'use strict';
process.stdin.on('end', () => process.exit(0)).resume();
require('azurite/dist/src/blob/main.js');
