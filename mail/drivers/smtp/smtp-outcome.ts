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
		rejected: failures.map(({ recipient = '', reply = '' }) => ({
			address: recipient,
			reply: toReplyLine(reply),
		})),
		response: toReplyLine(info.response),
	};
}

export function outcomeUnknown(where: string, cause: unknown): MailError {
	return new MailError('connection.lost', {
		subject: `${where}, after the whole e-mail was handed over`,
		retryable: false,
		remedy:
			"The e-mail may have been delivered: only the server's answer is missing. Look into the Sent folder or ask a recipient before you send it again.",
		cause,
	});
}

export function otherMechanismsRemedy(offered: readonly string[]): string {
	return `The server offers only ${offered.join(', ')}: a user name and a password are not enough for it. Choose another connector type, or ask the provider for another server.`;
}
