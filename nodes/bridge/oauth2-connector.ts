import * as z from 'zod';
import type { AccessTokens } from '../../mail/access-token';
import type { Connector } from '../../mail/connector';
import { MailError } from '../../mail/errors';
import { microsoftCloudNames, microsoftClouds } from '../../mail/microsoft-cloud';
import { servicePresets, type ServicePreset } from '../../mail/service-preset';
import { assembleConnector, requireField } from './connector';
import { parseConnectorData } from './connector-data';
import { choice } from './connector-field';
import { type ConnectorProfile, toSendingProfile } from './connector-profile';

/** What a provider decides; the other fields are those of `smtpImapApi`. */
const providerSchema = z.object({
	provider: choice(['google', 'microsoft', 'other'], 'google'),
	cloud: choice(microsoftCloudNames, 'global'),
	incomingProtocol: choice(['imap', 'pop3'], 'imap'),
});

/**
 * Reads the decrypted data of an `smtpImapOAuth2Api` credential. Throws MailError `settings.invalid` that names the field as
 * the UI does.
 *
 * @param tokens of the account that is connected
 * @param name what the user calls it; default: the primary address
 */
export function toOAuth2Connector(data: unknown, tokens: AccessTokens, name?: string): Connector {
	const fields = parseConnectorData(toServerData(data));
	const login = { user: requireField('user', fields.user), tokens };
	return assembleConnector(fields, toPreset(data), () => login, name);
}

/** See `toSendingProfile`. */
export function toOAuth2Profile(data: unknown, name?: string): ConnectorProfile {
	return toSendingProfile(toServerData(data), name);
}

/** As those of a server by hand that both sides sign in to in the same way; n8n's `authentication` means something else. */
function toServerData(data: unknown): Readonly<Record<string, unknown>> {
	const given = typeof data === 'object' && data !== null ? data : {};
	return {
		...given,
		emailService: 'other',
		authentication: 'userPassword',
		sameCredentials: true,
		additionalMailbox: undefined,
		clientCertificate: false,
	};
}

function toPreset(data: unknown): ServicePreset {
	const parsed = providerSchema.safeParse(data ?? {});
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new MailError('settings.invalid', {
			subject: `${String(issue?.path[0])} ${issue?.message ?? 'is not valid'}`,
		});
	}
	const { provider, cloud, incomingProtocol } = parsed.data;
	const isPop3 = incomingProtocol === 'pop3';
	if (provider === 'other') return servicePresets.other;
	if (provider === 'google') return isPop3 ? servicePresets.gmailPop3 : servicePresets.gmailImap;
	const { incoming, outgoing, ...preset } = isPop3
		? servicePresets.office365Pop3
		: servicePresets.office365Imap;
	const { outlookHost, smtpHost } = microsoftClouds[cloud];
	return {
		...preset,
		incoming: { ...incoming, host: outlookHost },
		outgoing: { ...outgoing, host: smtpHost },
	};
}
