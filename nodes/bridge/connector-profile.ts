import type { Identity } from '../../mail/connector';
import { MailError } from '../../mail/errors';
import { parseProfileData } from './connector-data';
import { toIdentity, withoutPopMode } from './connector-identity';
import { receives, sends, toAuthentication } from './connector-use';

/** What counts of a connector whose mail leaves by another one: whether it may send, and who its mail is from. */
export interface ConnectorProfile {
	readonly name: string;
	readonly identity: Identity;
}

/**
 * Reads that part of the decrypted data of an `smtpImapApi` credential; servers, passwords and certificates are not
 * looked at. Throws MailError `settings.invalid`, and `connector.disabled` and `connector.wrongUse` as a connector that
 * is to send does.
 *
 * @param name what the user calls it; default: the primary address
 */
export function toSendingProfile(data: unknown, name?: string): ConnectorProfile {
	const fields = parseProfileData(data);
	const signsIn = receives(fields) || toAuthentication(fields) === 'userPassword';
	const user = signsIn && fields.user !== undefined ? withoutPopMode(fields.user) : undefined;
	const identity = toIdentity(fields, user);
	const profile = { name: name ?? identity.primaryAddress, identity };
	if (!fields.enabled) throw new MailError('connector.disabled', { subject: profile.name });
	if (!sends(fields)) {
		throw new MailError('connector.wrongUse', { subject: `${profile.name} does not send` });
	}
	return profile;
}
