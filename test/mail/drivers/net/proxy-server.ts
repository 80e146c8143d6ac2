import * as net from 'node:net';
import { eachLine, listen, listenTls, identity, type LocalServer } from './local-server';

export interface ProxyServer extends LocalServer {
	/** What clients asked for: `host:port`, and the credentials they showed. */
	readonly requests: Array<{ target: string; credentials: string }>;
}

export interface ProxyOptions {
	readonly tls?: boolean;
	/** The status line that refuses every request. */
	readonly refusal?: string;
}

/** A small HTTP CONNECT proxy. */
export async function startHttpProxy(options: ProxyOptions = {}): Promise<ProxyServer> {
	const requests: ProxyServer['requests'] = [];
	const onSocket = (client: net.Socket) => {
		const head: string[] = [];
		eachLine(client, (line) => {
			if (line !== '') {
				head.push(line);
				return;
			}
			const target = head[0]?.split(' ')[1] ?? '';
			const basic = /^Proxy-Authorization: Basic (.*)$/im.exec(head.join('\n'))?.[1] ?? '';
			requests.push({ target, credentials: Buffer.from(basic, 'base64').toString() });
			if (options.refusal !== undefined) {
				client.end(`${options.refusal}\r\nContent-Length: 0\r\n\r\n`);
				return 'stop';
			}
			const port = Number(target.split(':').at(-1));
			splice(client, port, () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
			return 'stop';
		});
	};
	const server = options.tls
		? await listenTls(identity('server'), onSocket)
		: await listen(onSocket);
	return { ...server, requests };
}

/** A small SOCKS5 proxy (RFC 1928) with user and password (RFC 1929) where the client offers them. */
export async function startSocksProxy(options: { refuse?: boolean } = {}): Promise<ProxyServer> {
	const requests: ProxyServer['requests'] = [];
	const server = await listen((client) => {
		let credentials = '';
		let step: 'methods' | 'login' | 'request' = 'methods';
		const onData = (data: Buffer) => {
			if (step === 'methods') {
				const withLogin = data.subarray(2).includes(2);
				step = withLogin ? 'login' : 'request';
				client.write(Buffer.from([5, withLogin ? 2 : 0]));
			} else if (step === 'login') {
				const userLength = data[1] ?? 0;
				const user = data.toString('utf8', 2, 2 + userLength);
				credentials = `${user}:${data.toString('utf8', 3 + userLength)}`;
				step = 'request';
				client.write(Buffer.from([1, 0]));
			} else {
				const isName = data[3] === 3;
				const end = isName ? 5 + (data[4] ?? 0) : 8;
				const host = isName ? data.toString('latin1', 5, end) : [...data.subarray(4, 8)].join('.');
				const port = data.readUInt16BE(end);
				requests.push({ target: `${host}:${port}`, credentials });
				client.off('data', onData);
				const reply = (code: number) => Buffer.from([5, code, 0, 1, 127, 0, 0, 1, 0, 0]);
				if (options.refuse) client.end(reply(2));
				else splice(client, port, () => client.write(reply(0)));
			}
		};
		client.on('data', onData);
	});
	return { ...server, requests };
}

function splice(client: net.Socket, port: number, onConnect: () => void): void {
	const target = net.connect({ host: '127.0.0.1', port }, () => {
		onConnect();
		client.pipe(target).pipe(client);
	});
	target.on('error', () => client.destroy());
	client.on('error', () => target.destroy());
	client.on('close', () => target.destroy());
	target.on('close', () => client.destroy());
}
