import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** Where a connection goes. */
export interface Endpoint {
	readonly host: string;
	readonly port: number;
}

/** The server as users write it: `imap.example.com:993`, `[2001:db8::1]:993`. */
export function toWhere(server: Endpoint): string {
	const host = server.host.includes(':') ? `[${server.host}]` : server.host;
	return `${host}:${server.port}`;
}

/** International host names as DNS and certificates know them (RFC 5891); addresses stay as they are. */
export function toAsciiHost(host: string): string {
	return isIP(host) > 0 ? host : domainToASCII(host) || host;
}
