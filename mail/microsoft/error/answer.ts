import { toReplyLine } from '../../errors';

/** What an HTTPS service has answered. */
export interface ServiceAnswer {
	readonly status: number;
	/** Parsed JSON; undefined where it was none: the pages of gateways are of no use to a user. */
	readonly body: unknown;
	/** See `toRetryAfterMs`. */
	readonly retryAfterMs?: number;
	/** What the error shall keep as its cause. */
	readonly cause?: unknown;
}

/** What Microsoft's support asks for. */
export interface TraceIds {
	readonly traceId?: unknown;
	readonly correlationId?: unknown;
}

/** Longer texts would cut off the ids, which stand behind them. */
const TEXT_CHARACTERS = 330;

/** `AADSTS7000215: Invalid client secret provided. [trace 7f2f…, correlation 0b1c…]`, one line without markup. */
export function toServiceReply(text: string, { traceId, correlationId }: TraceIds): string {
	const line = toReplyLine(text.slice(0, 4 * TEXT_CHARACTERS));
	const cut = line.length > TEXT_CHARACTERS ? `${line.slice(0, TEXT_CHARACTERS)}…` : line;
	const ids = [
		isId(traceId) ? `trace ${traceId}` : '',
		isId(correlationId) ? `correlation ${correlationId}` : '',
	].filter(Boolean);
	return ids.length === 0 ? cut : `${cut} [${ids.join(', ')}]`;
}

function isId(value: unknown): value is string {
	return typeof value === 'string' && /^[\w-]{1,64}$/.test(value);
}

/** An answer cannot ask for a longer wait than this. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/** The header Retry-After: seconds or a date (RFC 9110, section 10.2.3). Undefined where it is neither. */
export function toRetryAfterMs(header: unknown, nowMs = Date.now()): number | undefined {
	const value = Array.isArray(header) ? (header as unknown[])[0] : header;
	if (typeof value !== 'string') return undefined;
	const isDate = /[a-z]/i.test(value);
	const isSeconds = /^\d{1,10}(\.\d+)?$/.test(value.trim());
	const ms = isSeconds ? Number(value) * 1_000 : isDate ? Date.parse(value) - nowMs : NaN;
	return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_WAIT_MS);
}
