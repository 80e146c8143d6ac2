import type { INodeProperties } from 'n8n-workflow';
import { outgoingUsed, shownWhere } from './condition';

/** How hard the server may be worked, and by which way it is reached. */
export const limitFields: INodeProperties[] = [
	{
		displayName: 'Connection Timeout (Ms)',
		name: 'connectionTimeoutMs',
		type: 'number',
		typeOptions: { minValue: 1000, maxValue: 300000, numberPrecision: 0 },
		default: 15000,
		description: 'How long to wait for the server, in milliseconds. The test ends within it.',
	},
	...shownWhere(outgoingUsed, [
		{
			displayName: 'Messages per Second',
			name: 'messagesPerSecond',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 2 },
			default: 0,
			description: 'Send no faster than this. 0 is as fast as the server allows.',
		},
		{
			displayName: 'Parallel Connections',
			name: 'parallelConnections',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 50, numberPrecision: 0 },
			default: 5,
			description:
				'How many connections to send through at a time. A lower limit of the chosen service is kept.',
		},
	]),
	{
		displayName: 'Proxy URL',
		name: 'proxyUrl',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		placeholder: 'e.g. socks5://user:password@proxy.example.com:1080',
		description: 'Reach the servers through an HTTP (CONNECT) or SOCKS5 proxy',
	},
];
