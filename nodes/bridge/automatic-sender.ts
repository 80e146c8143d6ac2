import type { Connector } from '../../mail/connector';
import { overrideMessage, overrideSentCopy } from '../../mail/outbox';
import type { OutgoingMessage } from '../../mail/outgoing';
import type { Log } from '../../mail/ports';
import { readGlobalConnector } from './global-connector';
import { openOutbox } from './outbox';

/**
 * Sends one message that no node of a workflow asked for: through the connector, or through the administrator's global
 * one, whose rules are obeyed as Send Email obeys them. Throws MailError.
 */
export async function sendAutomatically(
	connector: Connector,
	message: OutgoingMessage,
	log: Log,
): Promise<void> {
	const override = await readGlobalConnector();
	const outbox = openOutbox(override?.connector ?? connector, log);
	try {
		await outbox.send(override === undefined ? message : overrideMessage(message, override), {
			sentCopy: override && overrideSentCopy(undefined, override),
		});
	} finally {
		await outbox.close();
	}
}
