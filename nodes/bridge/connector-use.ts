import { servicePresets, type ServicePreset } from '../../mail/service-preset';
import type { ConnectorData } from './connector-data';

export type UseFields = Pick<ConnectorData, 'emailService' | 'useFor'>;
export type AuthenticationFields = Pick<
	ConnectorData,
	'emailService' | 'authentication' | 'relayAuthentication'
>;
export type Authentication = 'none' | 'userPassword' | 'certificate';

export function receives(fields: UseFields): boolean {
	return fields.useFor !== 'outgoing' && !sendsOnly(fields);
}

export function sends(fields: UseFields): boolean {
	return fields.useFor !== 'incoming' || sendsOnly(fields);
}

export function toAuthentication(fields: AuthenticationFields): Authentication {
	if (sendsOnly(fields)) return fields.relayAuthentication;
	if (fields.emailService !== 'other' || fields.authentication === 'usual') return 'userPassword';
	return fields.authentication;
}

/** A service without an incoming server of its own (the relay) is outgoing whatever was chosen before. */
function sendsOnly({ emailService }: Pick<UseFields, 'emailService'>): boolean {
	const { incoming, outgoing }: ServicePreset = servicePresets[emailService];
	return incoming === undefined && outgoing !== undefined;
}
