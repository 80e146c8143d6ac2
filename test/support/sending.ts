import { Readable } from 'node:stream';
import type { Connector, OutgoingServer } from '../../mail/connector';
import type { OutgoingAttachment, OutgoingMessage } from '../../mail/outgoing';
import type { ComposedMessage, Log } from '../../mail/ports';
import { Secret } from '../../mail/secret';

/** A log that keeps its lines. */
export function recordingLog(): Log & { readonly lines: string[] } {
	const lines: string[] = [];
	const add = (message: string) => void lines.push(message);
	return { lines, debug: add, info: add, warn: add, error: add };
}

/** A connector that only sends, in clear text and without sign-in, unless the test says otherwise. */
export function sendingConnector(
	server: Pick<OutgoingServer, 'host' | 'port'> & Partial<OutgoingServer>,
	changes: Partial<Connector> = {},
): Connector {
	return {
		name: 'Support',
		enabled: true,
		outgoing: { security: 'none', ...server },
		identity: { primaryAddress: 'support@example.test', fromAddress: 'support@example.test' },
		tls: { minVersion: 'TLSv1.2', allowUntrusted: false },
		limits: { connectionTimeoutMs: 5_000, messagesPerSecond: 0, parallelConnections: 3 },
		sentCopy: 'automatic',
		...changes,
	};
}

export function login(user: string, password: string): OutgoingServer['login'] {
	return { user, password: new Secret(password) };
}

export function outgoingMessage(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
	return {
		from: { name: 'Support', address: 'support@example.test' },
		to: [{ name: '', address: 'ann@example.test' }],
		cc: [],
		bcc: [],
		replyTo: [],
		subject: 'Hello',
		text: 'Hello Ann',
		attachments: [],
		importance: 'normal',
		headers: [],
		...changes,
	};
}

export function attachment(
	content: Buffer | string,
	changes: Partial<OutgoingAttachment> = {},
): OutgoingAttachment {
	const bytes = Buffer.from(content);
	return {
		fileName: 'file.bin',
		mimeType: 'application/octet-stream',
		open: async () => Readable.from(bytes),
		...changes,
	};
}

/** A message as a driver gets it, without a composer. */
export function composedMessage(
	to: readonly string[] = ['ann@example.test'],
	{ from = 'support@example.test', subject = 'Hello', body = 'Hello Ann' } = {},
): ComposedMessage {
	const bytes = Buffer.from(`Subject: ${subject}\r\nFrom: ${from}\r\n\r\n${body}\r\n`);
	return {
		messageId: '<1@example.test>',
		envelope: { from, to },
		needsSmtpUtf8: false,
		sizeBytes: bytes.length,
		open: () => Readable.from(bytes),
		copy: { sizeBytes: bytes.length, open: () => Readable.from(bytes) },
		dispose: async () => undefined,
	};
}
