import * as net from 'node:net';

/** A client's command: `UID FETCH` counts as one. */
export interface ImapCommand {
	readonly tag: string;
	readonly name: string;
	readonly args: string;
}

/** One client's connection. Lines are written without their line end. */
export interface ImapClientSocket {
	write(...lines: string[]): void;
	ok(command: ImapCommand, text?: string): void;
	no(command: ImapCommand, text: string): void;
	/** Ends the connection after what was written. */
	end(): void;
}

/** Answers a command in place of the default. */
export type ImapAnswer = (client: ImapClientSocket, command: ImapCommand) => void;

export interface ImapServerScript {
	readonly greeting?: string;
	readonly capabilities?: string;
	/** UIDs in the folder at SELECT. */
	readonly uids?: readonly number[];
	/** By command name, `IDLE`, `UID SEARCH`; `DONE` for the end of IDLE. */
	readonly answers?: Readonly<Record<string, ImapAnswer>>;
}

/** A scripted IMAP server: well-behaved by default, as hostile as the script says. */
export interface ImapServer {
	readonly port: number;
	/** The commands of all clients, in order. */
	readonly commands: readonly ImapCommand[];
	/** Clients that are connected. */
	readonly connections: number;
	/** To all connected clients, out of turn. */
	push(...lines: string[]): void;
	/** Resolves when a command of this name has come in. */
	waitFor(name: string): Promise<void>;
	close(): Promise<void>;
}

export async function startImapServer(script: ImapServerScript = {}): Promise<ImapServer> {
	const commands: ImapCommand[] = [];
	const sockets = new Set<net.Socket>();
	const waiting = new Set<{ name: string; resolve: () => void }>();
	const answers = { ...toDefaults(script), ...script.answers };

	const server = net.createServer((socket) => {
		socket.setNoDelay(true);
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => sockets.delete(socket));
		const client = toClient(socket);
		client.write(script.greeting ?? '* OK ready');
		readCommands(socket, (command) => {
			commands.push(command);
			(answers[command.name] ?? ((to) => to.ok(command)))(client, command);
			for (const waiter of waiting) {
				if (waiter.name !== command.name) continue;
				waiting.delete(waiter);
				waiter.resolve();
			}
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');

	return {
		port: address.port,
		commands,
		get connections() {
			return sockets.size;
		},
		push: (...lines) => {
			for (const socket of sockets) toClient(socket).write(...lines);
		},
		waitFor: async (name) => {
			if (commands.some((command) => command.name === name)) return;
			await new Promise<void>((resolve) => waiting.add({ name, resolve }));
		},
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function toDefaults({ capabilities, uids = [] }: ImapServerScript): Record<string, ImapAnswer> {
	const uidNext = Math.max(0, ...uids) + 1;
	return {
		CAPABILITY: (client, command) => {
			client.write(`* CAPABILITY ${capabilities ?? 'IMAP4rev1 IDLE NAMESPACE'}`);
			client.ok(command);
		},
		NAMESPACE: (client, command) => {
			client.write('* NAMESPACE (("" "/")) NIL NIL');
			client.ok(command);
		},
		LIST: (client, command) => {
			client.write('* LIST () "/" INBOX');
			client.ok(command);
		},
		SELECT: (client, command) => {
			client.write(
				'* FLAGS (\\Seen \\Answered)',
				'* OK [PERMANENTFLAGS (\\Seen \\Answered \\*)] flags',
				`* ${uids.length} EXISTS`,
				'* OK [UIDVALIDITY 7] valid',
				`* OK [UIDNEXT ${uidNext}] next`,
			);
			client.ok(command, '[READ-WRITE] selected');
		},
		'UID SEARCH': (client, command) => {
			client.write(`* SEARCH ${uids.join(' ')}`.trim());
			client.ok(command);
		},
		IDLE: (client) => client.write('+ idling'),
		LOGOUT: (client, command) => {
			client.write('* BYE bye');
			client.ok(command);
			client.end();
		},
	};
}

function toClient(socket: net.Socket): ImapClientSocket {
	const write = (...lines: string[]): void => {
		if (socket.writable) socket.write(lines.map((line) => `${line}\r\n`).join(''));
	};
	return {
		write,
		ok: ({ tag }, text = 'done') => write(`${tag} OK ${text}`),
		no: ({ tag }, text) => write(`${tag} NO ${text}`),
		end: () => socket.end(),
	};
}

/** Splits the client's lines into commands; literals are asked for and joined to their command. */
function readCommands(socket: net.Socket, onCommand: (command: ImapCommand) => void): void {
	let rest = '';
	let command = '';
	let idleTag: string | undefined;
	socket.on('data', (chunk: Buffer) => {
		rest += chunk.toString('latin1');
		for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
			const line = command + rest.slice(0, end);
			const literal = /\{(\d+)(\+?)\}$/.exec(line);
			if (literal !== null) {
				const length = Number(literal[1]);
				if (rest.length < end + 2 + length) {
					if (literal[2] === '' && rest.length === end + 2) socket.write('+ go on\r\n');
					return;
				}
				command = `${line}\r\n${rest.slice(end + 2, end + 2 + length)}`;
				rest = rest.slice(end + 2 + length);
				continue;
			}
			rest = rest.slice(end + 2);
			command = '';
			if (line === 'DONE') {
				onCommand({ tag: idleTag ?? '', name: 'DONE', args: '' });
				continue;
			}
			const [, tag = '', name = '', args = ''] = /^(\S+) ((?:UID )?\S+) ?([^]*)$/i.exec(line) ?? [];
			if (name.toUpperCase() === 'IDLE') idleTag = tag;
			onCommand({ tag, name: name.toUpperCase(), args });
		}
	});
}
