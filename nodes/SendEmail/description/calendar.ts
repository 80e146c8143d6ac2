import type { INodeProperties } from 'n8n-workflow';

export const calendarOption: INodeProperties = {
	displayName: 'Calendar Invitation',
	name: 'calendarInvitation',
	type: 'fixedCollection',
	placeholder: 'Add Event',
	default: {},
	description: 'An event that the recipients in To and Cc can accept or decline in their calendar',
	options: [
		{
			displayName: 'Event',
			name: 'event',
			values: [
				{
					displayName: 'Description',
					name: 'description',
					type: 'string',
					typeOptions: { rows: 3 },
					default: '',
				},
				{
					displayName: 'End',
					name: 'end',
					type: 'dateTime',
					default: '',
					description: 'In the time zone of the workflow, unless it names another',
				},
				{
					displayName: 'Event ID',
					name: 'uid',
					type: 'string',
					default: '',
					placeholder: 'e.g. visit-4711',
					description:
						'What the event is known by when it is changed or cancelled later. Leave empty for a new one that never will be.',
				},
				{
					displayName: 'Location',
					name: 'location',
					type: 'string',
					default: '',
				},
				{
					displayName: 'Method',
					name: 'method',
					type: 'options',
					options: [
						{ name: 'Cancel', value: 'CANCEL', description: 'Take the event back, by its ID' },
						{
							name: 'Request',
							value: 'REQUEST',
							description: 'Invite, or tell of a change, by its ID',
						},
					],
					default: 'REQUEST',
				},
				{
					displayName: 'Sequence',
					name: 'sequence',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 0,
					description: 'Counts the changes of the event: higher with each change and cancellation',
				},
				{
					displayName: 'Start',
					name: 'start',
					type: 'dateTime',
					default: '',
					description: 'In the time zone of the workflow, unless it names another',
				},
				{
					displayName: 'Summary',
					name: 'summary',
					type: 'string',
					default: '',
					placeholder: 'e.g. Visit of the technician',
					description: 'Leave empty for the subject of the e-mail',
				},
			],
		},
		{
			displayName: 'iCalendar Text',
			name: 'text',
			values: [
				{
					displayName: 'Content',
					name: 'content',
					type: 'string',
					typeOptions: { rows: 5 },
					default: '',
					placeholder: 'BEGIN:VCALENDAR …',
					description: 'Sent as it is. It needs a METHOD: REQUEST to invite, CANCEL, or PUBLISH.',
				},
			],
		},
	],
};
