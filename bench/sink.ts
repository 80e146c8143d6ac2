import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Certificate, signedCertificate } from '../test/support/certificate';

/**
 * An SMTP server that takes everything at once and never waits, so that only the sender's time is measured. A program
 * of its own: prints its port, and on each line of standard input the number of mails and connections so far.
 * The arguments are the delay of each reply, ms, and `starttls`, if it has to be used, with a sign-in that takes any
 * password.
 */
const replyDelayMs = Number(process.argv[2] ?? 0);
const isProtected = process.argv[3] === 'starttls';

let mails = 0;
let connections = 0;

function accept(socket: Socket, certificate: Certificate | undefined): void {
	connections++;
	socket.setNoDelay(true);
	serve(socket, certificate, '220 sink ESMTP');
}

/** @param certificate STARTTLS is offered with it */
function serve(socket: Socket, certificate: Certificate | undefined, greeting?: string): void {
	socket.on('error', () => socket.destroy());
	let inData = false;
	let rest = '';
	const reply = (line: string) => {
		if (replyDelayMs === 0) socket.write(`${line}\r\n`);
		else setTimeout(() => socket.writable && socket.write(`${line}\r\n`), replyDelayMs);
	};
	if (greeting !== undefined) reply(greeting);
	const onData = (chunk: Buffer) => {
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
				const offers = certificate ? ['STARTTLS'] : isProtected ? ['AUTH PLAIN'] : [];
				const extensions = ['sink', ...offers, 'PIPELINING', '8BITMIME', 'SIZE 100000000'];
				reply(
					extensions
						.map((one, at) => `250${at < extensions.length - 1 ? '-' : ' '}${one}`)
						.join('\r\n'),
				);
			} else if (command === 'STAR' && certificate !== undefined) {
				socket.off('data', onData);
				socket.write('220 go on\r\n');
				serve(toServerSide(socket, certificate), undefined);
				return;
			} else if (command === 'AUTH') {
				reply('235 welcome');
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
	};
	socket.on('data', onData);
}

function toServerSide(socket: Socket, { keyPem, certificatePem }: Certificate): TLSSocket {
	return new TLSSocket(socket, { isServer: true, key: keyPem, cert: certificatePem });
}

async function main(): Promise<void> {
	const certificate = isProtected ? await signedCertificate() : undefined;
	const server = createServer((socket) => accept(socket, certificate));
	server.listen(0, '127.0.0.1', () => {
		const address = server.address();
		if (address !== null && typeof address === 'object') console.log(address.port);
	});
}

void main();
process.stdin.on('data', () => console.log(JSON.stringify({ mails, connections })));
process.stdin.on('end', () => process.exit(0));
