import { isMailError, MailError, type MailErrorCode, toReplyLine } from '../../errors';
import { findExchangeSmtpFault } from '../../microsoft/error';
import { toConnectionError } from '../net/error';
import { withStatus } from '../net/xoauth2';
import { type SmtpFailure, toSmtpFailure } from './smtp-reply';

/** What is known of the connection on which a command failed. */
export interface SmtpSituation {
	/** `smtp.example.com:587`. */
	readonly where: string;
	readonly secured: boolean;
}

interface Verdict {
	readonly code: MailErrorCode;
	readonly retryable?: boolean;
	readonly title?: string;
	readonly remedy?: string;
}

/** The part of the dialogue in which a reply came: the same reply code means another thing in each. */
type Stage = 'session' | 'auth' | 'sender' | 'recipient' | 'content';

const stages: Readonly<Record<string, Stage>> = {
	'MAIL FROM': 'sender',
	'RCPT TO': 'recipient',
	DATA: 'content',
};

const relayRemedy =
	'Check the addresses. If the server takes e-mail for others only after a sign-in, set the authentication of the outgoing server in the connector.';

/** Codes that say more than the command in which they came. */
const byStatus: Readonly<Record<string, Verdict>> = {
	'5.3.4': { code: 'message.tooLarge' },
	'5.2.3': { code: 'message.tooLarge' },
	'5.7.8': { code: 'auth.rejected' },
	// From Microsoft's list of NDR codes.
	'5.2.252': { code: 'sender.rejected' },
};

/** A reply code, alone or with the enhanced status; `other` is for every 5xx without a row. */
type Rows = Readonly<Record<string, Verdict>> & { readonly other: Verdict };

const byStage: Readonly<Record<Stage, Rows>> = {
	session: { other: { code: 'server.unavailable' } },
	auth: {
		500: { code: 'auth.unavailable' },
		502: { code: 'auth.unavailable' },
		503: { code: 'auth.unavailable' },
		504: { code: 'auth.unavailable' },
		530: { code: 'auth.unavailable' },
		538: { code: 'auth.unavailable' },
		other: { code: 'auth.rejected' },
	},
	sender: {
		500: { code: 'server.protocol' },
		502: { code: 'server.protocol' },
		503: { code: 'server.protocol' },
		530: { code: 'auth.required' },
		552: { code: 'message.tooLarge' },
		other: { code: 'sender.rejected' },
	},
	recipient: {
		530: { code: 'auth.required' },
		// Postfix keeps what it thinks of the sender until the first recipient (smtpd_delay_reject).
		'553 5.7.1': { code: 'sender.rejected' },
		'550 5.7.1': { code: 'recipient.rejected', remedy: relayRemedy },
		'554 5.7.1': { code: 'recipient.rejected', remedy: relayRemedy },
		other: { code: 'recipient.rejected' },
	},
	content: {
		530: { code: 'auth.required' },
		552: { code: 'message.tooLarge' },
		// A full mailbox (RFC 3463, section 3.3), not a message that is too large.
		'552 5.2.2': { code: 'message.rejected' },
		other: { code: 'message.rejected' },
	},
};

/** Failures without a reply: nodemailer refused by itself. */
const byLibraryCode: Readonly<Record<string, Verdict>> = {
	// The message is larger than the SIZE that the server announced: not a byte of it was sent.
	EMESSAGE: { code: 'message.tooLarge' },
	EENVELOPE: { code: 'message.invalid' },
	ENOAUTH: { code: 'auth.unavailable' },
	EAUTH: {
		code: 'settings.invalid',
		remedy: 'Fill in user and password of the outgoing server, or set its authentication to None.',
	},
	EPROTOCOL: { code: 'server.protocol' },
};

const unprotectedRemedy =
	'Choose TLS or STARTTLS as security in the connector, and set the authentication of the outgoing server to User and password.';

/**
 * Translates whatever a connection of nodemailer fails with, from reply code, enhanced status, command and
 * error code. Not for a connection that broke after the whole message was handed over: its outcome is unknown.
 */
export function toSmtpError(error: unknown, situation: SmtpSituation): MailError {
	if (isMailError(error)) return error;
	const failure = toSmtpFailure(error);
	if (failure.recipients.length > 0) return toRecipientsError(failure, error);
	const verdict = toVerdict(failure, situation);
	if (verdict === undefined) return toConnectionError(error, situation.where);
	return new MailError(verdict.code, {
		subject: situation.where,
		serverReply:
			failure.reply === undefined
				? undefined
				: withStatus(toReplyLine(failure.reply), failure.challengeStatus),
		retryable: verdict.retryable,
		title: verdict.title,
		remedy: verdict.remedy,
		cause: error,
	});
}

function toVerdict(failure: SmtpFailure, situation: SmtpSituation): Verdict | undefined {
	const { replyCode } = failure;
	if (replyCode !== undefined && replyCode >= 400) {
		return withContext(toReplyVerdict(failure, replyCode), situation);
	}
	return byLibraryCode[failure.code ?? ''];
}

function toReplyVerdict(
	{ command = '', status = '', reply = '' }: SmtpFailure,
	replyCode: number,
): Verdict {
	const known = findExchangeSmtpFault(status, reply);
	if (known !== undefined) return known;
	const stage = command.startsWith('AUTH') ? 'auth' : (stages[command] ?? 'session');
	if (replyCode < 500) {
		// 454 in answer to AUTH: the server's password check is out of order (RFC 4954, section 4.7.6).
		const code = stage === 'auth' && replyCode !== 421 ? 'server.unavailable' : 'server.throttled';
		return { code, retryable: true };
	}
	const exact = byStatus[status];
	if (exact !== undefined) return exact;
	const rows = byStage[stage];
	return rows[`${replyCode} ${status}`] ?? rows[replyCode] ?? rows.other;
}

/** Many servers answer 530 also where they only want TLS first. */
function withContext(verdict: Verdict, { secured }: SmtpSituation): Verdict {
	return verdict.code === 'auth.required' && !secured
		? { ...verdict, remedy: unprotectedRemedy }
		: verdict;
}

/** All recipients were refused: every one is named with the server's words. */
function toRecipientsError({ recipients }: SmtpFailure, cause: unknown): MailError {
	const verdicts = recipients.map((one) => toReplyVerdict(one, one.replyCode ?? 550));
	const deferred = verdicts.find(({ retryable }) => retryable);
	const verdict = deferred ?? verdicts[0] ?? { code: 'recipient.rejected' };
	const addresses = recipients.map(({ recipient = '' }) => recipient);
	const replies = recipients.map(({ reply = '' }) => toReplyLine(reply));
	const sameReply = new Set(replies).size === 1;
	return new MailError(verdict.code, {
		subject: addresses.join(', '),
		serverReply: sameReply
			? replies[0]
			: replies.map((reply, index) => `${addresses[index]}: ${reply}`).join('; '),
		retryable: verdict.retryable,
		title: verdict.title,
		remedy: verdict.remedy,
		cause,
	});
}
