import { isMailError, MailError } from '../../mail/errors';
import type { Address } from '../../mail/message';
import type { Override } from '../../mail/outbox';

/**
 * A refused From names the address: the driver knows only at which server, or for which recipient, it was refused. Where
 * an administrator's connector sends, it is no use to tell the workflow's author to correct the connector. Other
 * errors pass as they are.
 */
export function toSenderError(
	error: unknown,
	{ address }: Address,
	override: Override | undefined,
): unknown {
	if (!isMailError(error, 'sender.rejected')) return error;
	const { serverReply, remedy, cause } = error;
	return new MailError('sender.rejected', {
		subject: address,
		serverReply,
		remedy: override === undefined ? remedy : toRemedy(override),
		cause,
	});
}

function toRemedy({ connector, forceFrom }: Override): string {
	const own = connector.identity.fromAddress;
	return forceFrom
		? `The administrator's global connector "${connector.name}" sends all e-mail from ${own}: ask the administrator to correct its From address.`
		: `All e-mail leaves by the administrator's global connector "${connector.name}". Set From Address to ${own}, or ask the administrator to switch on forceFrom.`;
}
