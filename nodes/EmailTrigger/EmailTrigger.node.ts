import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import { connectorCredentials, connectorProperty } from '../bridge/connector-property';
import { connectorTests } from '../bridge/connector-test';
import { companyProperties } from './description/company';
import { triggerHints } from './description/hint';
import { mailboxProperties } from './description/mailbox';
import { optionProperties } from './description/option';
import { routeOutputs } from './description/output';
import { routeProperties } from './description/route';

export class EmailTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Email Trigger',
		name: 'emailTrigger',
		icon: { light: 'file:email-trigger.svg', dark: 'file:email-trigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["folder"]["value"] || "INBOX" }}',
		description: 'Starts the workflow for each e-mail and routes it to a named output',
		eventTriggerDescription: 'an e-mail arrives in the folder',
		activationMessage: 'The folder is being watched. Each new e-mail starts this workflow.',
		defaults: { name: 'Email Trigger' },
		inputs: [],
		outputs: routeOutputs,
		credentials: connectorCredentials,
		hints: triggerHints,
		triggerPanel: {
			header: 'Pull in an e-mail',
			executionsHelp: {
				inactive:
					'<b>While building your workflow</b>, click the button to fetch the newest e-mail of the folder; it stays as it is on the server.<br><br><b>Once the workflow is active</b>, each new e-mail starts it.',
				active:
					'<b>While building your workflow</b>, click the button to fetch the newest e-mail of the folder; it stays as it is on the server.<br><br><b>The workflow is active</b>: each new e-mail starts it.',
			},
			activationHint:
				'Once you have finished building your workflow, activate it to receive e-mails.',
		},
		properties: [
			connectorProperty(),
			...mailboxProperties,
			...routeProperties,
			...companyProperties,
			...optionProperties,
		],
	};

	methods = {
		loadOptions: {
			async getCompanies(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				const { offerCompanies } = await import('../runtime');
				return offerCompanies(this);
			},
		},
		credentialTest: connectorTests,
		listSearch: {
			async searchFolders(
				this: ILoadOptionsFunctions,
				filter?: string,
			): Promise<INodeListSearchResult> {
				const { searchFolders } = await import('../runtime');
				return await searchFolders(this, filter);
			},
		},
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		const { startEmailTrigger } = await import('../runtime');
		return await startEmailTrigger(this);
	}
}
