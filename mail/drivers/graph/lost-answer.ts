import { isMailError, MailError, type MailErrorCode } from '../../errors';
import { faultOf } from './error';

/** Codes of failures before the request can have reached the server. */
const beforeAnything: ReadonlySet<MailErrorCode> = new Set<MailErrorCode>([
	'connection.refused',
	'connection.unknownHost',
	'connection.unreachable',
	'connection.proxy',
	'send.cancelled',
	'settings.invalid',
]);

/** Whether the request may have been carried out although it has failed. */
export function mayHaveBeenDone(error: unknown): boolean {
	const fault = faultOf(error);
	if (fault !== undefined)
		return (fault.status >= 500 && fault.status !== 509) || fault.status === 408;
	if (!isMailError(error)) return true;
	return !beforeAnything.has(error.code) && !/^(auth|tls|server\.throttled)/.test(error.code);
}

/** The request to send a draft has no answer: the draft itself will tell. */
export class LostAnswer extends MailError {
	constructor(
		readonly draftId: string,
		subject: string,
		cause: unknown,
	) {
		super('send.uncertain', { subject, cause });
	}
}
