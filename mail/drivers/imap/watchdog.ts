import type { Socket } from 'node:net';
import type { ImapFlow } from 'imapflow';
import type { Timing } from './timing';

/** The server's answer is looked for this often within the silence that is allowed to it. */
const LOOKS_PER_ANSWER = 10;

/** The connection is looked at this often within the allowed silence. */
const LOOKS_PER_SILENCE = 4;

/**
 * imapflow itself asks for a sign of life after one silence and gives up after the second; a third one means that
 * it does not.
 */
const SILENCES = 3;

/** What the watchdog has to know of its connection. */
export interface Watched {
	readonly client: ImapFlow;
	readonly socket: Pick<Socket, 'on' | 'off'>;
	/** Whether a command of ours is under way. */
	isBusy(): boolean;
}

/**
 * Calls `onDead` once the server is known to be gone. It counts looks rather than time: a process that was busy or
 * asleep gives the server's bytes a chance to be read before it judges. Returns what ends the watch.
 */
export function startWatchdog(
	watched: Watched,
	timing: Timing,
	onDead: () => void,
): { stop(): void; watchAnswers(): void } {
	const stops = [watchSilence(watched.client, timing, onDead)];
	return {
		stop: () => {
			for (const stop of stops.splice(0)) stop();
		},
		watchAnswers: () => {
			// A connection may have been given up while it signed in.
			if (stops.length > 0) stops.push(watchAnswers(watched, timing, onDead));
		},
	};
}

/**
 * A command, IDLE or DONE that gets no byte for `commandSilenceMs`. Only after the sign-in: before it imapflow does
 * not read from the socket yet, and the phases have deadlines of their own.
 */
function watchAnswers(
	{ client, socket, isBusy }: Watched,
	{ commandSilenceMs }: Timing,
	onDead: () => void,
): () => void {
	/** Bytes that had been sent when the last byte came in. */
	let answered = client.stats().sent;
	const onData = () => (answered = client.stats().sent);
	socket.on('data', onData);

	// While it idles it owes nothing. A selected folder is idle, or on the way into IDLE or out of it.
	const isOwing = () =>
		client.stats().sent !== answered || (!client.idling && (isBusy() || client.mailbox !== false));

	let quiet = 0;
	let traffic = -1;
	const timer = setInterval(() => {
		const { sent, received } = client.stats();
		quiet = isOwing() && sent + received === traffic ? quiet + 1 : 0;
		traffic = sent + received;
		// The look before the first quiet one may have come just after the command.
		if (quiet >= LOOKS_PER_ANSWER - 1) onDead();
	}, commandSilenceMs / LOOKS_PER_ANSWER);
	timer.unref();
	return () => {
		clearInterval(timer);
		socket.off('data', onData);
	};
}

/** The second line: a connection on which nothing comes in at all, or on which nothing goes out any more. */
function watchSilence(client: ImapFlow, timing: Timing, onDead: () => void): () => void {
	const periodMs = timing.socketSilenceMs / LOOKS_PER_SILENCE;
	const silentLooks = SILENCES * LOOKS_PER_SILENCE;
	// A server that chatters and never lets IDLE begin or end is as deaf as a silent one.
	const muteLooks = Math.ceil(timing.idleRenewalMs / periodMs) + silentLooks;
	let silent = 0;
	let mute = 0;
	let received = -1;
	let written: number | null = -1;
	const timer = setInterval(() => {
		const { received: now } = client.stats();
		silent = now === received ? silent + 1 : 0;
		mute = client.lastClientWrite === written ? mute + 1 : 0;
		received = now;
		written = client.lastClientWrite;
		if (silent > silentLooks || mute > muteLooks) onDead();
	}, periodMs);
	timer.unref();
	return () => clearInterval(timer);
}
