import { createServer, type Socket } from 'node:net';

/**
 * An SMTP server that takes everything at once and never waits, so that only the sender's time is measured. A program
 * of its own: prints its port, and on each line of standard input the number of mails and connections so far.
 * The argument is the delay of each reply, ms.
 */
const replyDelayMs = Number(process.argv[2] ?? 0);

let mails = 0;
let connections = 0;

function serve(socket: Socket): void {
	connections++;
	socket.setNoDelay(true);
	socket.on('error', () => socket.destroy());
	let inData = false;
	let rest = '';
	const reply = (line: string) => {
		if (replyDelayMs === 0) socket.write(`${line}\r\n`);
		else setTimeout(() => socket.writable && socket.write(`${line}\r\n`), replyDelayMs);
	};
	reply('220 sink ESMTP');
	socket.on('data', (chunk) => {
		rest += chunk.toString('latin1');
		for (;;) {
			if (inData) {
				const end = rest.startsWith('.\r\n') ? 0 : rest.indexOf('\r\n.\r\n') + 2;
				if (end === 1) {
					// Only the end of the data can matter to the next chunk.
					rest = rest.slice(-4);
					return;
				}
				rest = rest.slice(end + 3);
				inData = false;
				mails++;
				reply('250 2.0.0 taken');
				continue;
			}
			const end = rest.indexOf('\r\n');
			if (end < 0) return;
			const command = rest.slice(0, 4).toUpperCase();
			rest = rest.slice(end + 2);
			if (command === 'EHLO') {
				reply('250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 100000000');
			} else if (command === 'DATA') {
				inData = true;
				reply('354 go on');
			} else if (command === 'QUIT') {
				reply('221 bye');
				socket.end();
			} else {
				reply('250 ok');
			}
		}
	});
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => {
	const address = server.address();
	if (address !== null && typeof address === 'object') console.log(address.port);
});
process.stdin.on('data', () => console.log(JSON.stringify({ mails, connections })));
process.stdin.on('end', () => process.exit(0));
