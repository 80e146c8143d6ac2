import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { calendarOption } from './calendar';
import { customHeaderOption } from './custom-header';
import { deliveryReportOption } from './delivery-report';
import { inlineImageOption } from './inline-image';
import { unsubscribeOption } from './unsubscribe';

/** A draft is not sent. */
const sent: IDisplayOptions = { hide: { '/operation': ['saveDraft'] } };

/** Shown where an e-mail is answered. */
const answers: IDisplayOptions = { show: { '/operation': ['reply', 'replyAll', 'saveDraft'] } };

export const optionProperties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Append Signature',
				name: 'appendSignature',
				type: 'boolean',
				default: true,
				description:
					'Whether to put the signature of the connector below the message, above what is quoted',
			},
			{
				displayName: 'Attachments',
				name: 'attachments',
				type: 'string',
				default: '',
				placeholder: 'e.g. data, invoice',
				description:
					'Names of the binary properties to attach, separated by commas, or * for all of the item',
			},
			calendarOption,
			customHeaderOption,
			deliveryReportOption,
			{
				displayName: 'Importance',
				name: 'importance',
				type: 'options',
				options: [
					{ name: 'High', value: 'high' },
					{ name: 'Low', value: 'low' },
					{ name: 'Normal', value: 'normal' },
				],
				default: 'normal',
			},
			inlineImageOption,
			unsubscribeOption,
			{
				displayName: 'Own Addresses',
				name: 'ownAddresses',
				type: 'string',
				default: '',
				placeholder: 'e.g. sales@example.com, info@example.com',
				description:
					'Further addresses of this mailbox, such as aliases, which get no answer. The addresses of the connector need not be named.',
				displayOptions: answers,
			},
			{
				displayName: 'Quote Original',
				name: 'quoteOriginal',
				type: 'boolean',
				default: true,
				description: 'Whether to put the e-mail that is answered below the answer',
				displayOptions: answers,
			},
			{
				displayName: 'Read Receipt',
				name: 'readReceipt',
				type: 'boolean',
				default: false,
				description:
					'Whether to ask for a notice to the From address when the e-mail is opened. Recipients may refuse it.',
			},
			{
				displayName: 'Save to Sent Folder',
				name: 'saveToSent',
				type: 'options',
				options: [
					{
						name: 'As the Connector Says',
						value: 'connector',
					},
					{
						name: 'No',
						value: 'never',
					},
					{
						name: 'Yes',
						value: 'always',
						description:
							'By SMTP, Gmail and Microsoft save every e-mail by themselves: it then is there twice',
					},
				],
				default: 'connector',
				description: 'Whether a copy of the e-mail is put into the Sent folder of the mailbox',
				displayOptions: sent,
			},
			{
				displayName: 'Treat Partial Rejection as Error',
				name: 'partialRejectionIsError',
				type: 'boolean',
				default: false,
				description:
					'Whether the node fails when the server refuses some of the recipients. The e-mail is sent to the others in any case.',
				displayOptions: sent,
			},
			{
				displayName: 'When Uncertain',
				name: 'whenUncertain',
				type: 'options',
				options: [
					{
						name: 'Report an Error',
						value: 'report',
						description: 'The e-mail is not sent again, also not by Retry On Fail',
					},
					{
						name: 'Send Again',
						value: 'sendAgain',
						description: 'Some recipients may get the e-mail twice',
					},
				],
				default: 'report',
				description:
					'What to do when the connection is lost after the e-mail was handed over and before the server has answered. First the e-mail is looked for in the Sent folder.',
			},
		],
	},
];
