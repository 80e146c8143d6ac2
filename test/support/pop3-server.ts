import * as net from 'node:net';

/** Answers a command in place of the default; what it gives is written as it is. Undefined: no answer at all. */
export type Pop3Answer = (argument: string, socket: net.Socket) => string | Buffer | undefined;

export interface Pop3ServerScript {
	/** Default: `+OK ready`, with CR LF. */
	readonly greeting?: string;
	/** Lines of CAPA. Default: USER, TOP, UIDL. */
	readonly capabilities?: readonly string[];
	/** Raw mails with CR LF; by position. */
	readonly mails?: ReadonlyArray<string | Buffer>;
	/** Default: `uid-<position>`. */
	readonly names?: readonly string[];
	/** By command name: `RETR`; `RESPONSE` for the line that a challenge asks for. */
	readonly answers?: Readonly<Record<string, Pop3Answer>>;
	/** How the server's bytes are cut on their way. Default: not at all. */
	readonly write?: (socket: net.Socket, bytes: Buffer) => void;
}

/** A scripted POP3 server: well-behaved by default, as hostile as the script says. */
export interface Pop3Server {
	readonly port: number;
	/** Lines of all clients, in order. */
	readonly commands: readonly string[];
	/** Connections that have been made. */
	readonly connections: number;
	close(): Promise<void>;
}

export async function startPop3Server(script: Pop3ServerScript = {}): Promise<Pop3Server> {
	const commands: string[] = [];
	const sockets = new Set<net.Socket>();
	let connections = 0;
	const answers: Readonly<Record<string, Pop3Answer>> = {
		...toDefaults(script),
		...script.answers,
	};
	const write = script.write ?? ((socket, bytes) => void socket.write(bytes));

	const server = net.createServer((socket) => {
		connections++;
		socket.setNoDelay(true);
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => sockets.delete(socket));
		const say = (text: string | Buffer | undefined) => {
			if (text !== undefined && socket.writable) {
				write(socket, typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
			}
		};
		say(script.greeting ?? '+OK ready\r\n');
		let isChallenged = false;
		readLines(socket, (line) => {
			commands.push(line);
			const [, name = '', argument = ''] = isChallenged
				? ['', 'RESPONSE', line]
				: (/^(\S*) ?(.*)$/.exec(line) ?? []);
			isChallenged = name.toUpperCase() === 'AUTH';
			const answer = answers[name.toUpperCase()];
			say(answer === undefined ? '-ERR unknown command\r\n' : answer(argument, socket));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');

	return {
		port: address.port,
		commands,
		get connections() {
			return connections;
		},
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** An answer of several lines: status, stuffed content, terminator. */
export function multiline(content: string | Buffer): Buffer {
	const text = Buffer.isBuffer(content) ? content.toString('latin1') : content;
	const ended = text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`;
	const stuffed = ended.replace(/^\./, '..').replaceAll('\r\n.', '\r\n..');
	return Buffer.from(`+OK\r\n${stuffed}.\r\n`, 'latin1');
}

function toDefaults(script: Pop3ServerScript): Record<string, Pop3Answer> {
	const { mails = [], capabilities = ['USER', 'TOP', 'UIDL'] } = script;
	const lines = (rows: readonly string[]) => multiline(rows.map((row) => `${row}\r\n`).join(''));
	const toText = (mail: string | Buffer) =>
		Buffer.isBuffer(mail) ? mail.toString('latin1') : mail;
	const find = (argument: string) => mails[Number(argument.split(' ')[0]) - 1];
	const names = script.names ?? mails.map((_, index) => `uid-${index + 1}`);
	return {
		CAPA: () => lines(capabilities),
		USER: () => '+OK\r\n',
		PASS: () => '+OK signed in\r\n',
		AUTH: () => '+ \r\n',
		RESPONSE: () => '+OK signed in\r\n',
		UIDL: () => lines(names.map((name, index) => `${index + 1} ${name}`)),
		LIST: () => lines(mails.map((mail, index) => `${index + 1} ${mail.length}`)),
		RETR: (argument) => {
			const mail = find(argument);
			return mail === undefined ? '-ERR no such message\r\n' : multiline(mail);
		},
		TOP: (argument) => {
			const mail = find(argument);
			if (mail === undefined) return '-ERR no such message\r\n';
			return multiline(`${toText(mail).split('\r\n\r\n')[0] ?? ''}\r\n\r\n`);
		},
		DELE: () => '+OK\r\n',
		QUIT: (_, socket) => {
			setImmediate(() => socket.end());
			return '+OK bye\r\n';
		},
	};
}

function readLines(socket: net.Socket, onLine: (line: string) => void): void {
	let rest = '';
	socket.on('data', (chunk: Buffer) => {
		rest += chunk.toString('latin1');
		for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
			const line = rest.slice(0, end);
			rest = rest.slice(end + 2);
			onLine(line);
		}
	});
}
