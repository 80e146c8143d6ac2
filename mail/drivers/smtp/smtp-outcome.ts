import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { MailError, toReplyLine } from '../../errors';
import type { Delivery } from '../../ports';
import { toSmtpFailure } from './smtp-reply';

/** The message was refused, the connection is good for the next one. 421 announces its end. */
export function isRefusal(error: unknown): boolean {
	const { code, replyCode } = toSmtpFailure(error);
	return (code === 'EENVELOPE' || code === 'EMESSAGE') && replyCode !== 421;
}

export function toDelivery(info: SMTPConnection.SentMessageInfo): Delivery {
	const failures = (info.rejectedErrors ?? []).map(toSmtpFailure);
	return {
		accepted: info.accepted,
		rejected: failures.map(({ recipient = '', reply = '', replyCode = 550 }) => ({
			address: recipient,
			reply: toReplyLine(reply),
			temporary: replyCode < 500,
		})),
		response: toReplyLine(info.response),
	};
}

/** The connection ended between the last byte of the message and the server's answer to it. */
export function outcomeUnknown(where: string, cause: unknown): MailError {
	return new MailError('send.uncertain', { subject: where, cause });
}

export function otherMechanismsRemedy(offered: readonly string[]): string {
	return `The server offers only ${offered.join(', ')}: a user name and a password are not enough for it. Choose another connector type, or ask the provider for another server.`;
}
