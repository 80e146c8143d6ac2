import type { INodeProperties } from 'n8n-workflow';
import {
	emailServices,
	servicePresets,
	type EmailService,
	type ServicePreset,
} from '../../mail/service-preset';
import { enabledField, useForField } from '../usage';

const hints: INodeProperties[] = emailServices.flatMap((service) => {
	const { hint, link }: ServicePreset = servicePresets[service];
	if (hint === undefined) return [];
	const more = link === undefined ? '' : ` <a href="${link}" target="_blank">${link}</a>`;
	return {
		displayName: `${hint.replaceAll('&', '&amp;')}${more}`,
		name: `${service}Hint`,
		type: 'notice',
		default: '',
		displayOptions: { show: { emailService: [service] } },
	};
});

/** Which service, what for, and whether at all. */
export const serviceFields: INodeProperties[] = [
	{
		displayName: 'Email Service',
		name: 'emailService',
		type: 'options',
		noDataExpression: true,
		options: emailServices.map((service) => ({
			name: servicePresets[service].displayName,
			value: service,
			...describeServers(service),
		})),
		default: 'other',
		description: 'A known service brings its servers along, Other asks for them',
	},
	...hints,
	{ ...useForField, displayOptions: { hide: { emailService: ['office365Relay'] } } },
	enabledField,
];

function describeServers(service: EmailService): { description?: string } {
	const { incoming, outgoing }: ServicePreset = servicePresets[service];
	const servers = [incoming, outgoing].flatMap((server) =>
		server?.host === undefined ? [] : [`${server.host}:${server.port}`],
	);
	return servers.length === 0 ? {} : { description: servers.join(', ') };
}
