import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { MailError } from '../../errors';
import { toExcerpt } from '../../excerpt';
import type { DeliveryReport } from '../../outgoing';
import type { ComposedMessage } from '../../ports';

/**
 * What MAIL and RCPT say of a message. Throws `message.invalid` for an address that this server cannot take: it
 * would answer with a refusal that names no reason.
 *
 * @param extensions of the server, see `toExtensions`
 */
export function toSmtpEnvelope(
	{ envelope, sizeBytes, needsSmtpUtf8 }: ComposedMessage,
	extensions: ReadonlySet<string>,
): SMTPConnection.Envelope {
	const { from, to, deliveryReport } = envelope;
	if (needsSmtpUtf8 && !extensions.has('SMTPUTF8')) throw toInternationalRefusal([from, ...to]);
	return {
		from,
		to: [...to],
		size: sizeBytes,
		use8BitMime: true,
		...(deliveryReport && extensions.has('DSN') && { dsn: toDsn(deliveryReport) }),
	};
}

/** RFC 6531, section 3.4. Domains are in ASCII already; what stands before the `@` has no such form. */
function toInternationalRefusal(addresses: readonly string[]): MailError {
	const found = addresses.find((address) => /[^\u0000-\u007f]/.test(address));
	return new MailError('message.invalid', {
		subject: `the server takes no letters such as those ${found === undefined ? 'in Reply-To' : `of ${toExcerpt(found)}`}`,
		remedy:
			'It does not offer SMTPUTF8. Use an address in plain letters before the @, or a connector whose server takes international addresses.',
	});
}

/** RFC 3461, sections 4.1 and 4.3. */
function toDsn({ notify, returns }: DeliveryReport): SMTPConnection.DSNOptions {
	return {
		notify: notify.length === 0 ? 'NEVER' : notify.map((event) => event.toUpperCase()),
		ret: returns === 'full' ? 'FULL' : 'HDRS',
	};
}
