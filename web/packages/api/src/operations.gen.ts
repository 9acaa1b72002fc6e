// Made by internal/serve/awsapi/model/gen from the API models. Do not edit.

export interface AccessControlRule {
	Actions?: string[];
	DateCreated?: number;
	DateModified?: number;
	Description?: string;
	Effect?: AccessControlRuleEffect;
	ImpersonationRoleIds?: string[];
	IpRanges?: string[];
	Name?: string;
	NotActions?: string[];
	NotImpersonationRoleIds?: string[];
	NotIpRanges?: string[];
	NotUserIds?: string[];
	UserIds?: string[];
}

export type AccessControlRuleEffect = "ALLOW" | "DENY";

export type AccessEffect = "ALLOW" | "DENY";

export interface AssociateDelegateToResourceRequest {
	EntityId: string;
	OrganizationId: string;
	ResourceId: string;
}

export type AssociateDelegateToResourceResponse = Record<string, never>;

export interface AssociateMemberToGroupRequest {
	GroupId: string;
	MemberId: string;
	OrganizationId: string;
}

export type AssociateMemberToGroupResponse = Record<string, never>;

export interface AssumeImpersonationRoleRequest {
	ImpersonationRoleId: string;
	OrganizationId: string;
}

export interface AssumeImpersonationRoleResponse {
	ExpiresIn?: number;
	Token?: string;
}

export interface AvailabilityConfiguration {
	DateCreated?: number;
	DateModified?: number;
	DomainName?: string;
	EwsProvider?: RedactedEwsAvailabilityProvider;
	LambdaProvider?: LambdaAvailabilityProvider;
	ProviderType?: AvailabilityProviderType;
}

export type AvailabilityProviderType = "EWS" | "LAMBDA";

export interface BookingOptions {
	AutoAcceptRequests?: boolean;
	AutoDeclineConflictingRequests?: boolean;
	AutoDeclineRecurringRequests?: boolean;
}

export interface CancelMailboxExportJobRequest {
	ClientToken: string;
	JobId: string;
	OrganizationId: string;
}

export type CancelMailboxExportJobResponse = Record<string, never>;

export interface CreateAliasRequest {
	Alias: string;
	EntityId: string;
	OrganizationId: string;
}

export type CreateAliasResponse = Record<string, never>;

export interface CreateAvailabilityConfigurationRequest {
	ClientToken?: string;
	DomainName: string;
	EwsProvider?: EwsAvailabilityProvider;
	LambdaProvider?: LambdaAvailabilityProvider;
	OrganizationId: string;
}

export type CreateAvailabilityConfigurationResponse = Record<string, never>;

export interface CreateGroupRequest {
	HiddenFromGlobalAddressList?: boolean;
	Name: string;
	OrganizationId: string;
}

export interface CreateGroupResponse {
	GroupId?: string;
}

export interface CreateIdentityCenterApplicationRequest {
	ClientToken?: string;
	InstanceArn: string;
	Name: string;
}

export interface CreateIdentityCenterApplicationResponse {
	ApplicationArn?: string;
}

export interface CreateImpersonationRoleRequest {
	ClientToken?: string;
	Description?: string;
	Name: string;
	OrganizationId: string;
	Rules: ImpersonationRule[];
	Type: ImpersonationRoleType;
}

export interface CreateImpersonationRoleResponse {
	ImpersonationRoleId?: string;
}

export interface CreateMobileDeviceAccessRuleRequest {
	ClientToken?: string;
	Description?: string;
	DeviceModels?: string[];
	DeviceOperatingSystems?: string[];
	DeviceTypes?: string[];
	DeviceUserAgents?: string[];
	Effect: MobileDeviceAccessRuleEffect;
	Name: string;
	NotDeviceModels?: string[];
	NotDeviceOperatingSystems?: string[];
	NotDeviceTypes?: string[];
	NotDeviceUserAgents?: string[];
	OrganizationId: string;
}

export interface CreateMobileDeviceAccessRuleResponse {
	MobileDeviceAccessRuleId?: string;
}

export interface CreateOrganizationRequest {
	Alias: string;
	ClientToken?: string;
	DirectoryId?: string;
	Domains?: Domain[];
	EnableInteroperability?: boolean;
	KmsKeyArn?: string;
}

export interface CreateOrganizationResponse {
	OrganizationId?: string;
}

export interface CreateResourceRequest {
	Description?: string;
	HiddenFromGlobalAddressList?: boolean;
	Name: string;
	OrganizationId: string;
	Type: ResourceType;
}

export interface CreateResourceResponse {
	ResourceId?: string;
}

export interface CreateUserRequest {
	DisplayName: string;
	FirstName?: string;
	HiddenFromGlobalAddressList?: boolean;
	IdentityProviderUserId?: string;
	LastName?: string;
	Name: string;
	OrganizationId: string;
	Password?: string;
	Role?: UserRole;
}

export interface CreateUserResponse {
	UserId?: string;
}

export interface Delegate {
	Id: string;
	Type: MemberType;
}

export interface DeleteAccessControlRuleRequest {
	Name: string;
	OrganizationId: string;
}

export type DeleteAccessControlRuleResponse = Record<string, never>;

export interface DeleteAliasRequest {
	Alias: string;
	EntityId: string;
	OrganizationId: string;
}

export type DeleteAliasResponse = Record<string, never>;

export interface DeleteAvailabilityConfigurationRequest {
	DomainName: string;
	OrganizationId: string;
}

export type DeleteAvailabilityConfigurationResponse = Record<string, never>;

export interface DeleteEmailMonitoringConfigurationRequest {
	OrganizationId: string;
}

export type DeleteEmailMonitoringConfigurationResponse = Record<string, never>;

export interface DeleteGroupRequest {
	GroupId: string;
	OrganizationId: string;
}

export type DeleteGroupResponse = Record<string, never>;

export interface DeleteIdentityCenterApplicationRequest {
	ApplicationArn: string;
}

export type DeleteIdentityCenterApplicationResponse = Record<string, never>;

export interface DeleteIdentityProviderConfigurationRequest {
	OrganizationId: string;
}

export type DeleteIdentityProviderConfigurationResponse = Record<string, never>;

export interface DeleteImpersonationRoleRequest {
	ImpersonationRoleId: string;
	OrganizationId: string;
}

export type DeleteImpersonationRoleResponse = Record<string, never>;

export interface DeleteMailboxPermissionsRequest {
	EntityId: string;
	GranteeId: string;
	OrganizationId: string;
}

export type DeleteMailboxPermissionsResponse = Record<string, never>;

export interface DeleteMobileDeviceAccessOverrideRequest {
	DeviceId: string;
	OrganizationId: string;
	UserId: string;
}

export type DeleteMobileDeviceAccessOverrideResponse = Record<string, never>;

export interface DeleteMobileDeviceAccessRuleRequest {
	MobileDeviceAccessRuleId: string;
	OrganizationId: string;
}

export type DeleteMobileDeviceAccessRuleResponse = Record<string, never>;

export interface DeleteOrganizationRequest {
	ClientToken?: string;
	DeleteDirectory: boolean;
	DeleteIdentityCenterApplication?: boolean;
	ForceDelete?: boolean;
	OrganizationId: string;
}

export interface DeleteOrganizationResponse {
	OrganizationId?: string;
	State?: string;
}

export interface DeletePersonalAccessTokenRequest {
	OrganizationId: string;
	PersonalAccessTokenId: string;
}

export type DeletePersonalAccessTokenResponse = Record<string, never>;

export interface DeleteResourceRequest {
	OrganizationId: string;
	ResourceId: string;
}

export type DeleteResourceResponse = Record<string, never>;

export interface DeleteRetentionPolicyRequest {
	Id: string;
	OrganizationId: string;
}

export type DeleteRetentionPolicyResponse = Record<string, never>;

export interface DeleteUserRequest {
	OrganizationId: string;
	UserId: string;
}

export type DeleteUserResponse = Record<string, never>;

export interface DeregisterFromWorkMailRequest {
	EntityId: string;
	OrganizationId: string;
}

export type DeregisterFromWorkMailResponse = Record<string, never>;

export interface DeregisterMailDomainRequest {
	DomainName: string;
	OrganizationId: string;
}

export type DeregisterMailDomainResponse = Record<string, never>;

export interface DescribeEmailMonitoringConfigurationRequest {
	OrganizationId: string;
}

export interface DescribeEmailMonitoringConfigurationResponse {
	LogGroupArn?: string;
	RoleArn?: string;
}

export interface DescribeEntityRequest {
	Email: string;
	OrganizationId: string;
}

export interface DescribeEntityResponse {
	EntityId?: string;
	Name?: string;
	Type?: EntityType;
}

export interface DescribeGroupRequest {
	GroupId: string;
	OrganizationId: string;
}

export interface DescribeGroupResponse {
	DisabledDate?: number;
	Email?: string;
	EnabledDate?: number;
	GroupId?: string;
	HiddenFromGlobalAddressList?: boolean;
	Name?: string;
	State?: EntityState;
}

export interface DescribeIdentityProviderConfigurationRequest {
	OrganizationId: string;
}

export interface DescribeIdentityProviderConfigurationResponse {
	AuthenticationMode?: IdentityProviderAuthenticationMode;
	IdentityCenterConfiguration?: IdentityCenterConfiguration;
	PersonalAccessTokenConfiguration?: PersonalAccessTokenConfiguration;
}

export interface DescribeInboundDmarcSettingsRequest {
	OrganizationId: string;
}

export interface DescribeInboundDmarcSettingsResponse {
	Enforced?: boolean;
}

export interface DescribeMailboxExportJobRequest {
	JobId: string;
	OrganizationId: string;
}

export interface DescribeMailboxExportJobResponse {
	Description?: string;
	EndTime?: number;
	EntityId?: string;
	ErrorInfo?: string;
	EstimatedProgress?: number;
	KmsKeyArn?: string;
	RoleArn?: string;
	S3BucketName?: string;
	S3Path?: string;
	S3Prefix?: string;
	StartTime?: number;
	State?: MailboxExportJobState;
}

export interface DescribeOrganizationRequest {
	OrganizationId: string;
}

export interface DescribeOrganizationResponse {
	ARN?: string;
	Alias?: string;
	CompletedDate?: number;
	DefaultMailDomain?: string;
	DirectoryId?: string;
	DirectoryType?: string;
	ErrorMessage?: string;
	InteroperabilityEnabled?: boolean;
	MigrationAdmin?: string;
	OrganizationId?: string;
	State?: string;
}

export interface DescribeResourceRequest {
	OrganizationId: string;
	ResourceId: string;
}

export interface DescribeResourceResponse {
	BookingOptions?: BookingOptions;
	Description?: string;
	DisabledDate?: number;
	Email?: string;
	EnabledDate?: number;
	HiddenFromGlobalAddressList?: boolean;
	Name?: string;
	ResourceId?: string;
	State?: EntityState;
	Type?: ResourceType;
}

export interface DescribeUserRequest {
	OrganizationId: string;
	UserId: string;
}

export interface DescribeUserResponse {
	City?: string;
	Company?: string;
	Country?: string;
	Department?: string;
	DisabledDate?: number;
	DisplayName?: string;
	Email?: string;
	EnabledDate?: number;
	FirstName?: string;
	HiddenFromGlobalAddressList?: boolean;
	IdentityProviderIdentityStoreId?: string;
	IdentityProviderUserId?: string;
	Initials?: string;
	JobTitle?: string;
	LastName?: string;
	MailboxDeprovisionedDate?: number;
	MailboxProvisionedDate?: number;
	Name?: string;
	Office?: string;
	State?: EntityState;
	Street?: string;
	Telephone?: string;
	UserId?: string;
	UserRole?: UserRole;
	ZipCode?: string;
}

export interface DisassociateDelegateFromResourceRequest {
	EntityId: string;
	OrganizationId: string;
	ResourceId: string;
}

export type DisassociateDelegateFromResourceResponse = Record<string, never>;

export interface DisassociateMemberFromGroupRequest {
	GroupId: string;
	MemberId: string;
	OrganizationId: string;
}

export type DisassociateMemberFromGroupResponse = Record<string, never>;

export interface DnsRecord {
	Hostname?: string;
	Type?: string;
	Value?: string;
}

export type DnsRecordVerificationStatus = "PENDING" | "VERIFIED" | "FAILED";

export interface Domain {
	DomainName: string;
	HostedZoneId?: string;
}

export type EntityState = "ENABLED" | "DISABLED" | "DELETED";

export type EntityType = "GROUP" | "USER" | "RESOURCE";

export interface EwsAvailabilityProvider {
	EwsEndpoint: string;
	EwsPassword: string;
	EwsUsername: string;
}

export interface FolderConfiguration {
	Action: RetentionAction;
	Name: FolderName;
	Period?: number;
}

export type FolderName = "INBOX" | "DELETED_ITEMS" | "SENT_ITEMS" | "DRAFTS" | "JUNK_EMAIL";

export interface GetAccessControlEffectRequest {
	Action: string;
	ImpersonationRoleId?: string;
	IpAddress: string;
	OrganizationId: string;
	UserId?: string;
}

export interface GetAccessControlEffectResponse {
	Effect?: AccessControlRuleEffect;
	MatchedRules?: string[];
}

export interface GetDefaultRetentionPolicyRequest {
	OrganizationId: string;
}

export interface GetDefaultRetentionPolicyResponse {
	Description?: string;
	FolderConfigurations?: FolderConfiguration[];
	Id?: string;
	Name?: string;
}

export interface GetImpersonationRoleEffectRequest {
	ImpersonationRoleId: string;
	OrganizationId: string;
	TargetUser: string;
}

export interface GetImpersonationRoleEffectResponse {
	Effect?: AccessEffect;
	MatchedRules?: ImpersonationMatchedRule[];
	Type?: ImpersonationRoleType;
}

export interface GetImpersonationRoleRequest {
	ImpersonationRoleId: string;
	OrganizationId: string;
}

export interface GetImpersonationRoleResponse {
	DateCreated?: number;
	DateModified?: number;
	Description?: string;
	ImpersonationRoleId?: string;
	Name?: string;
	Rules?: ImpersonationRule[];
	Type?: ImpersonationRoleType;
}

export interface GetMailDomainRequest {
	DomainName: string;
	OrganizationId: string;
}

export interface GetMailDomainResponse {
	DkimVerificationStatus?: DnsRecordVerificationStatus;
	IsDefault?: boolean;
	IsTestDomain?: boolean;
	OwnershipVerificationStatus?: DnsRecordVerificationStatus;
	Records?: DnsRecord[];
}

export interface GetMailboxDetailsRequest {
	OrganizationId: string;
	UserId: string;
}

export interface GetMailboxDetailsResponse {
	MailboxQuota?: number;
	MailboxSize?: number;
}

export interface GetMobileDeviceAccessEffectRequest {
	DeviceModel?: string;
	DeviceOperatingSystem?: string;
	DeviceType?: string;
	DeviceUserAgent?: string;
	OrganizationId: string;
}

export interface GetMobileDeviceAccessEffectResponse {
	Effect?: MobileDeviceAccessRuleEffect;
	MatchedRules?: MobileDeviceAccessMatchedRule[];
}

export interface GetMobileDeviceAccessOverrideRequest {
	DeviceId: string;
	OrganizationId: string;
	UserId: string;
}

export interface GetMobileDeviceAccessOverrideResponse {
	DateCreated?: number;
	DateModified?: number;
	Description?: string;
	DeviceId?: string;
	Effect?: MobileDeviceAccessRuleEffect;
	UserId?: string;
}

export interface GetPersonalAccessTokenMetadataRequest {
	OrganizationId: string;
	PersonalAccessTokenId: string;
}

export interface GetPersonalAccessTokenMetadataResponse {
	DateCreated?: number;
	DateLastUsed?: number;
	ExpiresTime?: number;
	Name?: string;
	PersonalAccessTokenId?: string;
	Scopes?: string[];
	UserId?: string;
}

export interface Group {
	DisabledDate?: number;
	Email?: string;
	EnabledDate?: number;
	Id?: string;
	Name?: string;
	State?: EntityState;
}

export interface GroupIdentifier {
	GroupId?: string;
	GroupName?: string;
}

export interface IdentityCenterConfiguration {
	ApplicationArn: string;
	InstanceArn: string;
}

export type IdentityProviderAuthenticationMode = "IDENTITY_PROVIDER_ONLY" | "IDENTITY_PROVIDER_AND_DIRECTORY";

export interface ImpersonationMatchedRule {
	ImpersonationRuleId?: string;
	Name?: string;
}

export interface ImpersonationRole {
	DateCreated?: number;
	DateModified?: number;
	ImpersonationRoleId?: string;
	Name?: string;
	Type?: ImpersonationRoleType;
}

export type ImpersonationRoleType = "FULL_ACCESS" | "READ_ONLY";

export interface ImpersonationRule {
	Description?: string;
	Effect: AccessEffect;
	ImpersonationRuleId: string;
	Name?: string;
	NotTargetUsers?: string[];
	TargetUsers?: string[];
}

export interface LambdaAvailabilityProvider {
	LambdaArn: string;
}

export interface ListAccessControlRulesRequest {
	OrganizationId: string;
}

export interface ListAccessControlRulesResponse {
	Rules?: AccessControlRule[];
}

export interface ListAliasesRequest {
	EntityId: string;
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListAliasesResponse {
	Aliases?: string[];
	NextToken?: string;
}

export interface ListAvailabilityConfigurationsRequest {
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListAvailabilityConfigurationsResponse {
	AvailabilityConfigurations?: AvailabilityConfiguration[];
	NextToken?: string;
}

export interface ListGroupMembersRequest {
	GroupId: string;
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListGroupMembersResponse {
	Members?: Member[];
	NextToken?: string;
}

export interface ListGroupsFilters {
	NamePrefix?: string;
	PrimaryEmailPrefix?: string;
	State?: EntityState;
}

export interface ListGroupsForEntityFilters {
	GroupNamePrefix?: string;
}

export interface ListGroupsForEntityRequest {
	EntityId: string;
	Filters?: ListGroupsForEntityFilters;
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListGroupsForEntityResponse {
	Groups?: GroupIdentifier[];
	NextToken?: string;
}

export interface ListGroupsRequest {
	Filters?: ListGroupsFilters;
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListGroupsResponse {
	Groups?: Group[];
	NextToken?: string;
}

export interface ListImpersonationRolesRequest {
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListImpersonationRolesResponse {
	NextToken?: string;
	Roles?: ImpersonationRole[];
}

export interface ListMailDomainsRequest {
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListMailDomainsResponse {
	MailDomains?: MailDomainSummary[];
	NextToken?: string;
}

export interface ListMailboxExportJobsRequest {
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListMailboxExportJobsResponse {
	Jobs?: MailboxExportJob[];
	NextToken?: string;
}

export interface ListMailboxPermissionsRequest {
	EntityId: string;
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListMailboxPermissionsResponse {
	NextToken?: string;
	Permissions?: Permission[];
}

export interface ListMobileDeviceAccessOverridesRequest {
	DeviceId?: string;
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
	UserId?: string;
}

export interface ListMobileDeviceAccessOverridesResponse {
	NextToken?: string;
	Overrides?: MobileDeviceAccessOverride[];
}

export interface ListMobileDeviceAccessRulesRequest {
	OrganizationId: string;
}

export interface ListMobileDeviceAccessRulesResponse {
	Rules?: MobileDeviceAccessRule[];
}

export interface ListOrganizationsRequest {
	MaxResults?: number;
	NextToken?: string;
}

export interface ListOrganizationsResponse {
	NextToken?: string;
	OrganizationSummaries?: OrganizationSummary[];
}

export interface ListPersonalAccessTokensRequest {
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
	UserId?: string;
}

export interface ListPersonalAccessTokensResponse {
	NextToken?: string;
	PersonalAccessTokenSummaries?: PersonalAccessTokenSummary[];
}

export interface ListResourceDelegatesRequest {
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
	ResourceId: string;
}

export interface ListResourceDelegatesResponse {
	Delegates?: Delegate[];
	NextToken?: string;
}

export interface ListResourcesFilters {
	NamePrefix?: string;
	PrimaryEmailPrefix?: string;
	State?: EntityState;
}

export interface ListResourcesRequest {
	Filters?: ListResourcesFilters;
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListResourcesResponse {
	NextToken?: string;
	Resources?: Resource[];
}

export interface ListTagsForResourceRequest {
	ResourceARN: string;
}

export interface ListTagsForResourceResponse {
	Tags?: Tag[];
}

export interface ListUsersFilters {
	DisplayNamePrefix?: string;
	IdentityProviderUserIdPrefix?: string;
	PrimaryEmailPrefix?: string;
	State?: EntityState;
	UsernamePrefix?: string;
}

export interface ListUsersRequest {
	Filters?: ListUsersFilters;
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListUsersResponse {
	NextToken?: string;
	Users?: User[];
}

export interface MailDomainSummary {
	DefaultDomain?: boolean;
	DomainName?: string;
}

export interface MailboxExportJob {
	Description?: string;
	EndTime?: number;
	EntityId?: string;
	EstimatedProgress?: number;
	JobId?: string;
	S3BucketName?: string;
	S3Path?: string;
	StartTime?: number;
	State?: MailboxExportJobState;
}

export type MailboxExportJobState = "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED";

export interface Member {
	DisabledDate?: number;
	EnabledDate?: number;
	Id?: string;
	Name?: string;
	State?: EntityState;
	Type?: MemberType;
}

export type MemberType = "GROUP" | "USER";

export interface MobileDeviceAccessMatchedRule {
	MobileDeviceAccessRuleId?: string;
	Name?: string;
}

export interface MobileDeviceAccessOverride {
	DateCreated?: number;
	DateModified?: number;
	Description?: string;
	DeviceId?: string;
	Effect?: MobileDeviceAccessRuleEffect;
	UserId?: string;
}

export interface MobileDeviceAccessRule {
	DateCreated?: number;
	DateModified?: number;
	Description?: string;
	DeviceModels?: string[];
	DeviceOperatingSystems?: string[];
	DeviceTypes?: string[];
	DeviceUserAgents?: string[];
	Effect?: MobileDeviceAccessRuleEffect;
	MobileDeviceAccessRuleId?: string;
	Name?: string;
	NotDeviceModels?: string[];
	NotDeviceOperatingSystems?: string[];
	NotDeviceTypes?: string[];
	NotDeviceUserAgents?: string[];
}

export type MobileDeviceAccessRuleEffect = "ALLOW" | "DENY";

export interface OrganizationSummary {
	Alias?: string;
	DefaultMailDomain?: string;
	ErrorMessage?: string;
	OrganizationId?: string;
	State?: string;
}

export interface Permission {
	GranteeId: string;
	GranteeType: MemberType;
	PermissionValues: PermissionType[];
}

export type PermissionType = "FULL_ACCESS" | "SEND_AS" | "SEND_ON_BEHALF";

export interface PersonalAccessTokenConfiguration {
	LifetimeInDays?: number;
	Status: PersonalAccessTokenConfigurationStatus;
}

export type PersonalAccessTokenConfigurationStatus = "ACTIVE" | "INACTIVE";

export interface PersonalAccessTokenSummary {
	DateCreated?: number;
	DateLastUsed?: number;
	ExpiresTime?: number;
	Name?: string;
	PersonalAccessTokenId?: string;
	Scopes?: string[];
	UserId?: string;
}

export interface PutAccessControlRuleRequest {
	Actions?: string[];
	Description: string;
	Effect: AccessControlRuleEffect;
	ImpersonationRoleIds?: string[];
	IpRanges?: string[];
	Name: string;
	NotActions?: string[];
	NotImpersonationRoleIds?: string[];
	NotIpRanges?: string[];
	NotUserIds?: string[];
	OrganizationId: string;
	UserIds?: string[];
}

export type PutAccessControlRuleResponse = Record<string, never>;

export interface PutEmailMonitoringConfigurationRequest {
	LogGroupArn: string;
	OrganizationId: string;
	RoleArn?: string;
}

export type PutEmailMonitoringConfigurationResponse = Record<string, never>;

export interface PutIdentityProviderConfigurationRequest {
	AuthenticationMode: IdentityProviderAuthenticationMode;
	IdentityCenterConfiguration: IdentityCenterConfiguration;
	OrganizationId: string;
	PersonalAccessTokenConfiguration: PersonalAccessTokenConfiguration;
}

export type PutIdentityProviderConfigurationResponse = Record<string, never>;

export interface PutInboundDmarcSettingsRequest {
	Enforced: boolean;
	OrganizationId: string;
}

export type PutInboundDmarcSettingsResponse = Record<string, never>;

export interface PutMailboxPermissionsRequest {
	EntityId: string;
	GranteeId: string;
	OrganizationId: string;
	PermissionValues: PermissionType[];
}

export type PutMailboxPermissionsResponse = Record<string, never>;

export interface PutMobileDeviceAccessOverrideRequest {
	Description?: string;
	DeviceId: string;
	Effect: MobileDeviceAccessRuleEffect;
	OrganizationId: string;
	UserId: string;
}

export type PutMobileDeviceAccessOverrideResponse = Record<string, never>;

export interface PutRetentionPolicyRequest {
	Description?: string;
	FolderConfigurations: FolderConfiguration[];
	Id?: string;
	Name: string;
	OrganizationId: string;
}

export type PutRetentionPolicyResponse = Record<string, never>;

export interface RedactedEwsAvailabilityProvider {
	EwsEndpoint?: string;
	EwsUsername?: string;
}

export interface RegisterMailDomainRequest {
	ClientToken?: string;
	DomainName: string;
	OrganizationId: string;
}

export type RegisterMailDomainResponse = Record<string, never>;

export interface RegisterToWorkMailRequest {
	Email: string;
	EntityId: string;
	OrganizationId: string;
}

export type RegisterToWorkMailResponse = Record<string, never>;

export interface ResetPasswordRequest {
	OrganizationId: string;
	Password: string;
	UserId: string;
}

export type ResetPasswordResponse = Record<string, never>;

export interface Resource {
	Description?: string;
	DisabledDate?: number;
	Email?: string;
	EnabledDate?: number;
	Id?: string;
	Name?: string;
	State?: EntityState;
	Type?: ResourceType;
}

export type ResourceType = "ROOM" | "EQUIPMENT";

export type RetentionAction = "NONE" | "DELETE" | "PERMANENTLY_DELETE";

export interface StartMailboxExportJobRequest {
	ClientToken: string;
	Description?: string;
	EntityId: string;
	KmsKeyArn: string;
	OrganizationId: string;
	RoleArn: string;
	S3BucketName: string;
	S3Prefix: string;
}

export interface StartMailboxExportJobResponse {
	JobId?: string;
}

export interface Tag {
	Key: string;
	Value: string;
}

export interface TagResourceRequest {
	ResourceARN: string;
	Tags: Tag[];
}

export type TagResourceResponse = Record<string, never>;

export interface TestAvailabilityConfigurationRequest {
	DomainName?: string;
	EwsProvider?: EwsAvailabilityProvider;
	LambdaProvider?: LambdaAvailabilityProvider;
	OrganizationId: string;
}

export interface TestAvailabilityConfigurationResponse {
	FailureReason?: string;
	TestPassed?: boolean;
}

export interface UntagResourceRequest {
	ResourceARN: string;
	TagKeys: string[];
}

export type UntagResourceResponse = Record<string, never>;

export interface UpdateAvailabilityConfigurationRequest {
	DomainName: string;
	EwsProvider?: EwsAvailabilityProvider;
	LambdaProvider?: LambdaAvailabilityProvider;
	OrganizationId: string;
}

export type UpdateAvailabilityConfigurationResponse = Record<string, never>;

export interface UpdateDefaultMailDomainRequest {
	DomainName: string;
	OrganizationId: string;
}

export type UpdateDefaultMailDomainResponse = Record<string, never>;

export interface UpdateGroupRequest {
	GroupId: string;
	HiddenFromGlobalAddressList?: boolean;
	OrganizationId: string;
}

export type UpdateGroupResponse = Record<string, never>;

export interface UpdateImpersonationRoleRequest {
	Description?: string;
	ImpersonationRoleId: string;
	Name: string;
	OrganizationId: string;
	Rules: ImpersonationRule[];
	Type: ImpersonationRoleType;
}

export type UpdateImpersonationRoleResponse = Record<string, never>;

export interface UpdateMailboxQuotaRequest {
	MailboxQuota: number;
	OrganizationId: string;
	UserId: string;
}

export type UpdateMailboxQuotaResponse = Record<string, never>;

export interface UpdateMobileDeviceAccessRuleRequest {
	Description?: string;
	DeviceModels?: string[];
	DeviceOperatingSystems?: string[];
	DeviceTypes?: string[];
	DeviceUserAgents?: string[];
	Effect: MobileDeviceAccessRuleEffect;
	MobileDeviceAccessRuleId: string;
	Name: string;
	NotDeviceModels?: string[];
	NotDeviceOperatingSystems?: string[];
	NotDeviceTypes?: string[];
	NotDeviceUserAgents?: string[];
	OrganizationId: string;
}

export type UpdateMobileDeviceAccessRuleResponse = Record<string, never>;

export interface UpdatePrimaryEmailAddressRequest {
	Email: string;
	EntityId: string;
	OrganizationId: string;
}

export type UpdatePrimaryEmailAddressResponse = Record<string, never>;

export interface UpdateResourceRequest {
	BookingOptions?: BookingOptions;
	Description?: string;
	HiddenFromGlobalAddressList?: boolean;
	Name?: string;
	OrganizationId: string;
	ResourceId: string;
	Type?: ResourceType;
}

export type UpdateResourceResponse = Record<string, never>;

export interface UpdateUserRequest {
	City?: string;
	Company?: string;
	Country?: string;
	Department?: string;
	DisplayName?: string;
	FirstName?: string;
	HiddenFromGlobalAddressList?: boolean;
	IdentityProviderUserId?: string;
	Initials?: string;
	JobTitle?: string;
	LastName?: string;
	Office?: string;
	OrganizationId: string;
	Role?: UserRole;
	Street?: string;
	Telephone?: string;
	UserId: string;
	ZipCode?: string;
}

export type UpdateUserResponse = Record<string, never>;

export interface User {
	DisabledDate?: number;
	DisplayName?: string;
	Email?: string;
	EnabledDate?: number;
	Id?: string;
	IdentityProviderIdentityStoreId?: string;
	IdentityProviderUserId?: string;
	Name?: string;
	State?: EntityState;
	UserRole?: UserRole;
}

export type UserRole = "USER" | "RESOURCE" | "SYSTEM_USER" | "REMOTE_USER";

export interface AccessKey {
	AccessKeyId?: string;
	AdministratorId?: string;
	CreatedDate?: number;
	LastUsedDate?: number;
	Status?: AccessKeyStatus;
}

export type AccessKeyStatus = "ACTIVE" | "INACTIVE";

export type AddressSource = "NAME" | "UPN" | "MAIL";

export interface Administrator {
	AdministratorId?: string;
	AllOrganizations?: boolean;
	CreatedDate?: number;
	Enabled?: boolean;
	LastSignInDate?: number;
	Name?: string;
	Organizations?: string[];
	Role?: AdministratorRole;
	SecondFactor?: SecondFactor[];
}

export type AdministratorRole = "FULL" | "READ_ONLY";

export type AuditOutcome = "SUCCESS" | "REFUSED" | "FAILED";

export interface AuditRecord {
	Actor?: string;
	Detail?: string;
	ErrorCode?: string;
	Operation?: string;
	OrganizationId?: string;
	Outcome?: AuditOutcome;
	RecordId?: string;
	Region?: string;
	RequestId?: string;
	SourceAddress?: string;
	Target?: string;
	TargetName?: string;
	Time?: number;
}

export type BeginPasskeyRequest = Record<string, never>;

export interface BeginPasskeyResponse {
	Options?: string;
}

export interface ChangeOwnPasswordRequest {
	NewPassword: string;
	OldPassword: string;
}

export type ChangeOwnPasswordResponse = Record<string, never>;

export interface ChangePasswordRequest {
	NewPassword: string;
	OldPassword: string;
	Username: string;
}

export type ChangePasswordResponse = Record<string, never>;

export interface CheckEmailAddressRequest {
	Email: string;
	OrganizationId: string;
}

export interface CheckEmailAddressResponse {
	EntityId?: string;
	Problem?: string;
}

export type ClientProtocol = "IMAP" | "SMTP";

export type ClientSecurity = "TLS" | "STARTTLS";

export interface ClientSetting {
	Host?: string;
	Port?: number;
	Protocol?: ClientProtocol;
	Security?: ClientSecurity;
}

export interface ConfirmDirectoryChangesRequest {
	Number: number;
	OrganizationId: string;
}

export type ConfirmDirectoryChangesResponse = Record<string, never>;

export interface ConfirmTotpRequest {
	Code: string;
}

export interface ConfirmTotpResponse {
	RecoveryCodes?: string[];
}

export interface CreateAccessKeyRequest {
	AdministratorId?: string;
}

export interface CreateAccessKeyResponse {
	AccessKeyId?: string;
	AdministratorId?: string;
	CreatedDate?: number;
	SecretAccessKey?: string;
	Status?: AccessKeyStatus;
}

export interface CreateAdministratorRequest {
	AllOrganizations?: boolean;
	Name: string;
	Organizations?: string[];
	Password: string;
	Role: AdministratorRole;
}

export interface CreateAdministratorResponse {
	AdministratorId?: string;
}

export interface CreateRecoveryCodesRequest {
	Password: string;
}

export interface CreateRecoveryCodesResponse {
	RecoveryCodes?: string[];
}

export interface CreateUserWithMailboxRequest {
	DisplayName: string;
	Email?: string;
	FirstName?: string;
	HiddenFromGlobalAddressList?: boolean;
	LastName?: string;
	Name: string;
	OrganizationId: string;
	Password?: string;
	Role?: UserRole;
}

export interface CreateUserWithMailboxResponse {
	UserId?: string;
}

export interface DeleteAccessKeyRequest {
	AccessKeyId: string;
}

export type DeleteAccessKeyResponse = Record<string, never>;

export interface DeleteAdministratorRequest {
	AdministratorId: string;
}

export type DeleteAdministratorResponse = Record<string, never>;

export interface DeletePasskeyRequest {
	PasskeyId: string;
	Password: string;
}

export type DeletePasskeyResponse = Record<string, never>;

export interface DeregisterDirectoryRequest {
	DirectoryId: string;
}

export type DeregisterDirectoryResponse = Record<string, never>;

export interface DescribeAdministratorRequest {
	AdministratorId: string;
}

export interface DescribeAdministratorResponse {
	AdministratorId?: string;
	AllOrganizations?: boolean;
	CreatedDate?: number;
	Enabled?: boolean;
	LastSignInDate?: number;
	Name?: string;
	Organizations?: string[];
	Role?: AdministratorRole;
	SecondFactor?: SecondFactor[];
}

export interface DescribeDirectoryRequest {
	DirectoryId: string;
}

export interface DescribeDirectoryResponse {
	Account?: string;
	Alias?: string;
	Attributes?: Record<string, string>;
	BaseDn?: string;
	CertificateAuthority?: string;
	CreatedDate?: number;
	DirectoryId?: string;
	DirectoryType?: string;
	GroupFilter?: string;
	Kind?: DirectoryKind;
	OrganizationAlias?: string;
	OrganizationId?: string;
	ReadOnly?: boolean;
	Servers?: string[];
	StartTls?: boolean;
	UserFilter?: string;
}

export interface DescribeDirectorySyncRequest {
	OrganizationId: string;
}

export interface DescribeDirectorySyncResponse {
	Confirmed?: boolean;
	DirectoryId?: string;
	DirectoryKind?: DirectoryKind;
	Error?: string;
	FailingSince?: number;
	FaultCount?: number;
	Faults?: DirectoryFault[];
	Groups?: number;
	HeldCount?: number;
	HeldNames?: string[];
	HeldSinceDate?: number;
	HeldUserCount?: number;
	LagSeconds?: number;
	LastFullDate?: number;
	LastSyncDate?: number;
	Phase?: DirectorySyncPhase;
	Read?: number;
	Total?: number;
	Users?: number;
	Writable?: boolean;
}

export interface DescribeOrganizationContentsRequest {
	OrganizationId: string;
}

export interface DescribeOrganizationContentsResponse {
	DirectoryType?: string;
	Enabled?: boolean;
	Groups?: number;
	KeptMailboxes?: number;
	MailDomains?: number;
	MailboxBytes?: number;
	Mailboxes?: number;
	Messages?: number;
	Resources?: number;
	Users?: number;
}

export interface DescribeSecondFactorsRequest {
	AdministratorId?: string;
}

export interface DescribeSecondFactorsResponse {
	Passkeys?: Passkey[];
	RecoveryCodesLeft?: number;
	SecondFactor?: SecondFactor[];
	TotpDate?: number;
}

export type DirectoryEntryState = "ACTIVE" | "DISABLED";

export interface DirectoryFault {
	EntityId?: string;
	Key?: string;
	Name?: string;
	Text?: string;
	Type?: EntityType;
}

export type DirectoryKind = "SIMPLE_AD" | "MICROSOFT_AD" | "AD_CONNECTOR" | "LDAP";

export interface DirectorySample {
	DisplayName?: string;
	Mail?: string;
	Name?: string;
	State?: DirectoryEntryState;
	Type?: EntityType;
}

export interface DirectorySummary {
	Alias?: string;
	DirectoryId?: string;
	DirectoryType?: string;
	Kind?: DirectoryKind;
	OrganizationAlias?: string;
	OrganizationId?: string;
	Servers?: string[];
	SyncError?: string;
	SyncPhase?: DirectorySyncPhase;
}

export type DirectorySyncPhase = "READING" | "FOLLOWING" | "FAILING" | "PAUSED";

export type DirectoryTestOutcome = "OK" | "WARNING" | "FAILED" | "SKIPPED";

export interface DirectoryTestStep {
	Advice?: string;
	Name?: string;
	Outcome?: DirectoryTestOutcome;
	Sample?: DirectorySample[];
	Server?: string;
	Text?: string;
}

export interface EmailAddressProposal {
	Email?: string;
	EntityId?: string;
	Name?: string;
	NoPassword?: boolean;
	Problem?: string;
}

export type EntitySortField = "NAME" | "EMAIL" | "STATE" | "ENABLED_DATE";

export interface FindAnythingRequest {
	OrganizationId?: string;
	Query: string;
}

export interface FindAnythingResponse {
	Matches?: Match[];
}

export interface FindGroupMembersRequest {
	GroupId: string;
	MaxResults?: number;
	Offset?: number;
	OrganizationId: string;
	Query?: string;
}

export interface FindGroupMembersResponse {
	Members?: RelatedEntry[];
	Total?: number;
}

export interface FindGroupsRequest {
	Descending?: boolean;
	MaxResults?: number;
	MemberId?: string;
	Offset?: number;
	OrganizationId: string;
	Query?: string;
	SortBy?: EntitySortField;
	States?: EntityState[];
}

export interface FindGroupsResponse {
	Groups?: FoundGroup[];
	More?: boolean;
	Total?: number;
	Unfiltered?: number;
}

export interface FindMailDomainsRequest {
	Descending?: boolean;
	MaxResults?: number;
	Offset?: number;
	OrganizationId: string;
	Query?: string;
	States?: DnsRecordVerificationStatus[];
}

export interface FindMailDomainsResponse {
	MailDomains?: FoundMailDomain[];
	Total?: number;
	Unfiltered?: number;
}

export type FindOrganizationsRequest = Record<string, never>;

export interface FindOrganizationsResponse {
	Organizations?: FoundOrganization[];
}

export interface FindPermissionsRequest {
	EntityId: string;
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface FindPermissionsResponse {
	NextToken?: string;
	Permissions?: GivenPermission[];
}

export interface FindResourceDelegatesRequest {
	MaxResults?: number;
	Offset?: number;
	OrganizationId: string;
	Query?: string;
	ResourceId: string;
}

export interface FindResourceDelegatesResponse {
	Delegates?: RelatedEntry[];
	Total?: number;
}

export interface FindResourcesRequest {
	Descending?: boolean;
	MaxResults?: number;
	Offset?: number;
	OrganizationId: string;
	Query?: string;
	SortBy?: EntitySortField;
	States?: EntityState[];
}

export interface FindResourcesResponse {
	More?: boolean;
	Resources?: FoundResource[];
	Total?: number;
	Unfiltered?: number;
}

export interface FindUsersRequest {
	Descending?: boolean;
	MaxResults?: number;
	Offset?: number;
	OrganizationId: string;
	Query?: string;
	Roles?: UserRole[];
	SortBy?: UserSortField;
	States?: EntityState[];
}

export interface FindUsersResponse {
	More?: boolean;
	Total?: number;
	Unfiltered?: number;
	Users?: FoundUser[];
}

export interface FinishPasskeyRequest {
	Name: string;
	Response: string;
}

export interface FinishPasskeyResponse {
	PasskeyId?: string;
	RecoveryCodes?: string[];
}

export interface FinishSignInRequest {
	Challenge: string;
	Code?: string;
	Passkey?: string;
	RecoveryCode?: string;
}

export interface FinishSignInResponse {
	AdministratorId?: string;
	ExpiresDate?: number;
	Name?: string;
	RecoveryCodesLeft?: number;
	Role?: AdministratorRole;
}

export interface ForceVerifyMailDomainRequest {
	DomainName: string;
	OrganizationId: string;
}

export type ForceVerifyMailDomainResponse = Record<string, never>;

export interface FoundGroup {
	Contains?: boolean;
	DisabledDate?: number;
	Email?: string;
	EnabledDate?: number;
	Id?: string;
	Name?: string;
	Revision?: number;
	State?: EntityState;
}

export interface FoundMailDomain {
	CheckedDate?: number;
	CreatedDate?: number;
	DomainName?: string;
	IsDefault?: boolean;
	IsTestDomain?: boolean;
	Revision?: number;
	State?: DnsRecordVerificationStatus;
	VerifiedDate?: number;
}

export interface FoundOrganization {
	Alias?: string;
	DefaultMailDomain?: string;
	EnabledUsers?: number;
	ErrorMessage?: string;
	OrganizationId?: string;
	State?: string;
}

export interface FoundResource {
	Description?: string;
	DisabledDate?: number;
	Email?: string;
	EnabledDate?: number;
	Id?: string;
	Name?: string;
	Revision?: number;
	State?: EntityState;
	Type?: ResourceType;
}

export interface FoundUser {
	DisabledDate?: number;
	DisplayName?: string;
	Email?: string;
	EnabledDate?: number;
	FirstName?: string;
	HiddenFromGlobalAddressList?: boolean;
	Id?: string;
	IdentityProviderIdentityStoreId?: string;
	IdentityProviderUserId?: string;
	LastName?: string;
	Name?: string;
	Revision?: number;
	State?: EntityState;
	UserRole?: UserRole;
}

export interface GetPasswordPolicyRequest {
	OrganizationId: string;
	UserId?: string;
}

export interface GetPasswordPolicyResponse {
	Complexity?: boolean;
	History?: number;
	Known?: boolean;
	LockAfter?: number;
	MaxAgeSeconds?: number;
	MaxLength?: number;
	MinAgeSeconds?: number;
	MinLength?: number;
	Name?: string;
	NoPassword?: boolean;
	Writable?: boolean;
}

export interface GetStatisticsRequest {
	OrganizationId?: string;
	Period: StatisticsPeriod;
}

export interface GetStatisticsResponse {
	Series?: StatisticsSeries[];
	Usage?: StatisticsUsage;
}

export interface GivenPermission {
	DisplayName?: string;
	Email?: string;
	GranteeId?: string;
	GranteeName?: string;
	GranteeType?: EntityType;
	PermissionValues?: PermissionType[];
	State?: EntityState;
}

export interface HeldPermission {
	DisplayName?: string;
	Email?: string;
	EntityId?: string;
	EntityName?: string;
	EntityType?: EntityType;
	GranteeId?: string;
	GranteeName?: string;
	PermissionValues?: PermissionType[];
	State?: EntityState;
}

export interface ImportResult {
	ErrorCode?: string;
	Line?: number;
	Message?: string;
	Name?: string;
	Status?: ImportStatus;
	UserId?: string;
}

export type ImportStatus = "CREATED" | "EXISTS_SAME" | "EXISTS_BEFORE" | "READY" | "REFUSED";

export interface ImportUser {
	DisplayName?: string;
	Email?: string;
	FirstName?: string;
	Groups?: string[];
	HiddenFromGlobalAddressList?: boolean;
	LastName?: string;
	Line?: number;
	Name?: string;
	Password?: string;
	Role?: string;
}

export interface ImportUsersRequest {
	DryRun?: boolean;
	ImportId: string;
	OrganizationId: string;
	Rows: ImportUser[];
}

export interface ImportUsersResponse {
	Results?: ImportResult[];
}

export interface ListAccessKeysRequest {
	AdministratorId?: string;
	MaxResults?: number;
	NextToken?: string;
}

export interface ListAccessKeysResponse {
	AccessKeys?: AccessKey[];
	NextToken?: string;
}

export interface ListAdministratorsRequest {
	MaxResults?: number;
	NextToken?: string;
}

export interface ListAdministratorsResponse {
	Administrators?: Administrator[];
	NextToken?: string;
}

export interface ListAuditRecordsRequest {
	Actor?: string;
	ChangesOnly?: boolean;
	EndTime?: number;
	MaxResults?: number;
	NextToken?: string;
	Operation?: string;
	OrganizationId?: string;
	StartTime?: number;
	Target?: string;
}

export interface ListAuditRecordsResponse {
	NextToken?: string;
	Records?: AuditRecord[];
}

export type ListDirectoriesRequest = Record<string, never>;

export interface ListDirectoriesResponse {
	Directories?: DirectorySummary[];
}

export interface ListHeldPermissionsRequest {
	EntityId: string;
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListHeldPermissionsResponse {
	NextToken?: string;
	Permissions?: HeldPermission[];
}

export interface ListPasskeysRequest {
	AdministratorId?: string;
}

export interface ListPasskeysResponse {
	Passkeys?: Passkey[];
}

export type ListRegionsRequest = Record<string, never>;

export interface ListRegionsResponse {
	Regions?: Region[];
}

export interface ListSessionsRequest {
	AdministratorId?: string;
}

export interface ListSessionsResponse {
	Sessions?: Session[];
}

export interface ListSignInsRequest {
	EntityId: string;
	MaxResults?: number;
	NextToken?: string;
	OrganizationId: string;
}

export interface ListSignInsResponse {
	NextToken?: string;
	SignIns?: SignInRecord[];
}

export interface Match {
	DisplayName?: string;
	Email?: string;
	EntityId?: string;
	Kind?: MatchKind;
	Name?: string;
	OrganizationAlias?: string;
	OrganizationId?: string;
	State?: EntityState;
}

export type MatchKind = "USER" | "GROUP" | "RESOURCE" | "ORGANIZATION" | "MAIL_DOMAIN" | "DIRECTORY";

export interface OrganizationTag {
	Key: string;
	Value: string;
}

export interface Passkey {
	CreatedDate?: number;
	LastUsedDate?: number;
	Name?: string;
	PasskeyId?: string;
}

export interface ProposeEmailAddressesRequest {
	Domain?: string;
	EntityIds: string[];
	From?: AddressSource;
	OrganizationId: string;
}

export interface ProposeEmailAddressesResponse {
	Proposals?: EmailAddressProposal[];
}

export interface Region {
	BaseDomain?: string;
	ClientSettings?: ClientSetting[];
	ConsoleUrl?: string;
	Hosted?: boolean;
	Name?: string;
}

export interface RegisterDirectoryRequest {
	Account: string;
	Alias: string;
	Attributes?: Record<string, string>;
	BaseDn: string;
	CertificateAuthority?: string;
	GroupFilter?: string;
	Kind: DirectoryKind;
	ReadOnly?: boolean;
	Secret: string;
	Servers: string[];
	StartTls?: boolean;
	UserFilter?: string;
}

export interface RegisterDirectoryResponse {
	DirectoryId?: string;
}

export interface RelatedEntry {
	DisplayName?: string;
	Email?: string;
	Id?: string;
	Name?: string;
	State?: EntityState;
	Type?: EntityType;
}

export interface RemoveTotpRequest {
	Password: string;
}

export type RemoveTotpResponse = Record<string, never>;

export interface ResetSecondFactorRequest {
	AdministratorId: string;
}

export type ResetSecondFactorResponse = Record<string, never>;

export interface RevokeSessionRequest {
	AdministratorId?: string;
	SessionId: string;
}

export type RevokeSessionResponse = Record<string, never>;

export type SecondFactor = "TOTP" | "PASSKEY";

export interface Session {
	CreatedDate?: number;
	Current?: boolean;
	ExpiresDate?: number;
	LastUsedDate?: number;
	SessionId?: string;
	SourceAddress?: string;
	UserAgent?: string;
}

export type SetUpTotpRequest = Record<string, never>;

export interface SetUpTotpResponse {
	Secret?: string;
	Uri?: string;
}

export type SignInMethod = "SESSION" | "ACCESS_KEY";

export interface SignInRecord {
	Count?: number;
	FirstTime?: number;
	Protocol?: string;
	Reason?: SignInRefusal;
	SourceAddress?: string;
	Succeeded?: boolean;
	Time?: number;
}

export type SignInRefusal = "WRONG_PASSWORD" | "NOT_ENABLED" | "THROTTLED" | "UNAVAILABLE" | "FORMER_PASSWORD" | "LOCKED" | "INACTIVE" | "EXPIRED" | "CHANGE_REQUIRED";

export interface SignInRequest {
	Password: string;
	Username: string;
}

export interface SignInResponse {
	AdministratorId?: string;
	Challenge?: string;
	ExpiresDate?: number;
	Name?: string;
	PasskeyOptions?: string;
	Role?: AdministratorRole;
	SecondFactor?: SecondFactor[];
}

export type SignOutRequest = Record<string, never>;

export type SignOutResponse = Record<string, never>;

export type StatisticsName = "MAIL_IN" | "MAIL_OUT" | "MAIL_REFUSED" | "SIGN_INS" | "SIGN_INS_REFUSED" | "STORAGE_USED" | "USERS_ENABLED";

export type StatisticsPeriod = "DAY" | "WEEK" | "MONTH";

export interface StatisticsPoint {
	Time?: number;
	Value?: number;
}

export interface StatisticsSeries {
	Name?: StatisticsName;
	Points?: StatisticsPoint[];
}

export interface StatisticsUsage {
	Organizations?: number;
	StorageUsed?: number;
	UsersEnabled?: number;
}

export interface SyncDirectoryRequest {
	OrganizationId: string;
}

export type SyncDirectoryResponse = Record<string, never>;

export interface TestDirectoryRequest {
	Account?: string;
	Attributes?: Record<string, string>;
	BaseDn?: string;
	CertificateAuthority?: string;
	DirectoryId?: string;
	GroupFilter?: string;
	Kind?: DirectoryKind;
	ReadOnly?: boolean;
	Secret?: string;
	Servers?: string[];
	StartTls?: boolean;
	UserFilter?: string;
}

export interface TestDirectoryResponse {
	Steps?: DirectoryTestStep[];
}

export interface UpdateAccessKeyRequest {
	AccessKeyId: string;
	Status: AccessKeyStatus;
}

export type UpdateAccessKeyResponse = Record<string, never>;

export interface UpdateAdministratorRequest {
	AdministratorId: string;
	AllOrganizations?: boolean;
	Enabled?: boolean;
	Organizations?: string[];
	Password?: string;
	Role?: AdministratorRole;
}

export type UpdateAdministratorResponse = Record<string, never>;

export interface UpdateDirectoryRequest {
	Account: string;
	Attributes?: Record<string, string>;
	BaseDn: string;
	CertificateAuthority?: string;
	DirectoryId: string;
	GroupFilter?: string;
	Kind?: DirectoryKind;
	ReadOnly?: boolean;
	Secret?: string;
	Servers: string[];
	StartTls?: boolean;
	UserFilter?: string;
}

export type UpdateDirectoryResponse = Record<string, never>;

export interface UpdateTagsRequest {
	OrganizationId: string;
	TagKeys?: string[];
	Tags?: OrganizationTag[];
}

export type UpdateTagsResponse = Record<string, never>;

export type UserSortField = "NAME" | "DISPLAY_NAME" | "EMAIL" | "STATE" | "ENABLED_DATE";

export interface VerifyMailDomainRequest {
	DomainName: string;
	OrganizationId: string;
}

export interface VerifyMailDomainResponse {
	OwnershipVerificationStatus?: DnsRecordVerificationStatus;
}

export type WhoAmIRequest = Record<string, never>;

export interface WhoAmIResponse {
	AdministratorId?: string;
	AllOrganizations?: boolean;
	Capabilities?: string[];
	ExpiresDate?: number;
	IdleSeconds?: number;
	Name?: string;
	Organizations?: string[];
	Role?: AdministratorRole;
	SignInMethod?: SignInMethod;
	Version?: string;
}

export interface Operations {
	AssociateDelegateToResource: { input: AssociateDelegateToResourceRequest; output: AssociateDelegateToResourceResponse };
	AssociateMemberToGroup: { input: AssociateMemberToGroupRequest; output: AssociateMemberToGroupResponse };
	AssumeImpersonationRole: { input: AssumeImpersonationRoleRequest; output: AssumeImpersonationRoleResponse };
	CancelMailboxExportJob: { input: CancelMailboxExportJobRequest; output: CancelMailboxExportJobResponse };
	CreateAlias: { input: CreateAliasRequest; output: CreateAliasResponse };
	CreateAvailabilityConfiguration: { input: CreateAvailabilityConfigurationRequest; output: CreateAvailabilityConfigurationResponse };
	CreateGroup: { input: CreateGroupRequest; output: CreateGroupResponse };
	CreateIdentityCenterApplication: { input: CreateIdentityCenterApplicationRequest; output: CreateIdentityCenterApplicationResponse };
	CreateImpersonationRole: { input: CreateImpersonationRoleRequest; output: CreateImpersonationRoleResponse };
	CreateMobileDeviceAccessRule: { input: CreateMobileDeviceAccessRuleRequest; output: CreateMobileDeviceAccessRuleResponse };
	CreateOrganization: { input: CreateOrganizationRequest; output: CreateOrganizationResponse };
	CreateResource: { input: CreateResourceRequest; output: CreateResourceResponse };
	CreateUser: { input: CreateUserRequest; output: CreateUserResponse };
	DeleteAccessControlRule: { input: DeleteAccessControlRuleRequest; output: DeleteAccessControlRuleResponse };
	DeleteAlias: { input: DeleteAliasRequest; output: DeleteAliasResponse };
	DeleteAvailabilityConfiguration: { input: DeleteAvailabilityConfigurationRequest; output: DeleteAvailabilityConfigurationResponse };
	DeleteEmailMonitoringConfiguration: { input: DeleteEmailMonitoringConfigurationRequest; output: DeleteEmailMonitoringConfigurationResponse };
	DeleteGroup: { input: DeleteGroupRequest; output: DeleteGroupResponse };
	DeleteIdentityCenterApplication: { input: DeleteIdentityCenterApplicationRequest; output: DeleteIdentityCenterApplicationResponse };
	DeleteIdentityProviderConfiguration: { input: DeleteIdentityProviderConfigurationRequest; output: DeleteIdentityProviderConfigurationResponse };
	DeleteImpersonationRole: { input: DeleteImpersonationRoleRequest; output: DeleteImpersonationRoleResponse };
	DeleteMailboxPermissions: { input: DeleteMailboxPermissionsRequest; output: DeleteMailboxPermissionsResponse };
	DeleteMobileDeviceAccessOverride: { input: DeleteMobileDeviceAccessOverrideRequest; output: DeleteMobileDeviceAccessOverrideResponse };
	DeleteMobileDeviceAccessRule: { input: DeleteMobileDeviceAccessRuleRequest; output: DeleteMobileDeviceAccessRuleResponse };
	DeleteOrganization: { input: DeleteOrganizationRequest; output: DeleteOrganizationResponse };
	DeletePersonalAccessToken: { input: DeletePersonalAccessTokenRequest; output: DeletePersonalAccessTokenResponse };
	DeleteResource: { input: DeleteResourceRequest; output: DeleteResourceResponse };
	DeleteRetentionPolicy: { input: DeleteRetentionPolicyRequest; output: DeleteRetentionPolicyResponse };
	DeleteUser: { input: DeleteUserRequest; output: DeleteUserResponse };
	DeregisterFromWorkMail: { input: DeregisterFromWorkMailRequest; output: DeregisterFromWorkMailResponse };
	DeregisterMailDomain: { input: DeregisterMailDomainRequest; output: DeregisterMailDomainResponse };
	DescribeEmailMonitoringConfiguration: { input: DescribeEmailMonitoringConfigurationRequest; output: DescribeEmailMonitoringConfigurationResponse };
	DescribeEntity: { input: DescribeEntityRequest; output: DescribeEntityResponse };
	DescribeGroup: { input: DescribeGroupRequest; output: DescribeGroupResponse };
	DescribeIdentityProviderConfiguration: { input: DescribeIdentityProviderConfigurationRequest; output: DescribeIdentityProviderConfigurationResponse };
	DescribeInboundDmarcSettings: { input: DescribeInboundDmarcSettingsRequest; output: DescribeInboundDmarcSettingsResponse };
	DescribeMailboxExportJob: { input: DescribeMailboxExportJobRequest; output: DescribeMailboxExportJobResponse };
	DescribeOrganization: { input: DescribeOrganizationRequest; output: DescribeOrganizationResponse };
	DescribeResource: { input: DescribeResourceRequest; output: DescribeResourceResponse };
	DescribeUser: { input: DescribeUserRequest; output: DescribeUserResponse };
	DisassociateDelegateFromResource: { input: DisassociateDelegateFromResourceRequest; output: DisassociateDelegateFromResourceResponse };
	DisassociateMemberFromGroup: { input: DisassociateMemberFromGroupRequest; output: DisassociateMemberFromGroupResponse };
	GetAccessControlEffect: { input: GetAccessControlEffectRequest; output: GetAccessControlEffectResponse };
	GetDefaultRetentionPolicy: { input: GetDefaultRetentionPolicyRequest; output: GetDefaultRetentionPolicyResponse };
	GetImpersonationRole: { input: GetImpersonationRoleRequest; output: GetImpersonationRoleResponse };
	GetImpersonationRoleEffect: { input: GetImpersonationRoleEffectRequest; output: GetImpersonationRoleEffectResponse };
	GetMailDomain: { input: GetMailDomainRequest; output: GetMailDomainResponse };
	GetMailboxDetails: { input: GetMailboxDetailsRequest; output: GetMailboxDetailsResponse };
	GetMobileDeviceAccessEffect: { input: GetMobileDeviceAccessEffectRequest; output: GetMobileDeviceAccessEffectResponse };
	GetMobileDeviceAccessOverride: { input: GetMobileDeviceAccessOverrideRequest; output: GetMobileDeviceAccessOverrideResponse };
	GetPersonalAccessTokenMetadata: { input: GetPersonalAccessTokenMetadataRequest; output: GetPersonalAccessTokenMetadataResponse };
	ListAccessControlRules: { input: ListAccessControlRulesRequest; output: ListAccessControlRulesResponse };
	ListAliases: { input: ListAliasesRequest; output: ListAliasesResponse };
	ListAvailabilityConfigurations: { input: ListAvailabilityConfigurationsRequest; output: ListAvailabilityConfigurationsResponse };
	ListGroupMembers: { input: ListGroupMembersRequest; output: ListGroupMembersResponse };
	ListGroups: { input: ListGroupsRequest; output: ListGroupsResponse };
	ListGroupsForEntity: { input: ListGroupsForEntityRequest; output: ListGroupsForEntityResponse };
	ListImpersonationRoles: { input: ListImpersonationRolesRequest; output: ListImpersonationRolesResponse };
	ListMailDomains: { input: ListMailDomainsRequest; output: ListMailDomainsResponse };
	ListMailboxExportJobs: { input: ListMailboxExportJobsRequest; output: ListMailboxExportJobsResponse };
	ListMailboxPermissions: { input: ListMailboxPermissionsRequest; output: ListMailboxPermissionsResponse };
	ListMobileDeviceAccessOverrides: { input: ListMobileDeviceAccessOverridesRequest; output: ListMobileDeviceAccessOverridesResponse };
	ListMobileDeviceAccessRules: { input: ListMobileDeviceAccessRulesRequest; output: ListMobileDeviceAccessRulesResponse };
	ListOrganizations: { input: ListOrganizationsRequest; output: ListOrganizationsResponse };
	ListPersonalAccessTokens: { input: ListPersonalAccessTokensRequest; output: ListPersonalAccessTokensResponse };
	ListResourceDelegates: { input: ListResourceDelegatesRequest; output: ListResourceDelegatesResponse };
	ListResources: { input: ListResourcesRequest; output: ListResourcesResponse };
	ListTagsForResource: { input: ListTagsForResourceRequest; output: ListTagsForResourceResponse };
	ListUsers: { input: ListUsersRequest; output: ListUsersResponse };
	PutAccessControlRule: { input: PutAccessControlRuleRequest; output: PutAccessControlRuleResponse };
	PutEmailMonitoringConfiguration: { input: PutEmailMonitoringConfigurationRequest; output: PutEmailMonitoringConfigurationResponse };
	PutIdentityProviderConfiguration: { input: PutIdentityProviderConfigurationRequest; output: PutIdentityProviderConfigurationResponse };
	PutInboundDmarcSettings: { input: PutInboundDmarcSettingsRequest; output: PutInboundDmarcSettingsResponse };
	PutMailboxPermissions: { input: PutMailboxPermissionsRequest; output: PutMailboxPermissionsResponse };
	PutMobileDeviceAccessOverride: { input: PutMobileDeviceAccessOverrideRequest; output: PutMobileDeviceAccessOverrideResponse };
	PutRetentionPolicy: { input: PutRetentionPolicyRequest; output: PutRetentionPolicyResponse };
	RegisterMailDomain: { input: RegisterMailDomainRequest; output: RegisterMailDomainResponse };
	RegisterToWorkMail: { input: RegisterToWorkMailRequest; output: RegisterToWorkMailResponse };
	ResetPassword: { input: ResetPasswordRequest; output: ResetPasswordResponse };
	StartMailboxExportJob: { input: StartMailboxExportJobRequest; output: StartMailboxExportJobResponse };
	TagResource: { input: TagResourceRequest; output: TagResourceResponse };
	TestAvailabilityConfiguration: { input: TestAvailabilityConfigurationRequest; output: TestAvailabilityConfigurationResponse };
	UntagResource: { input: UntagResourceRequest; output: UntagResourceResponse };
	UpdateAvailabilityConfiguration: { input: UpdateAvailabilityConfigurationRequest; output: UpdateAvailabilityConfigurationResponse };
	UpdateDefaultMailDomain: { input: UpdateDefaultMailDomainRequest; output: UpdateDefaultMailDomainResponse };
	UpdateGroup: { input: UpdateGroupRequest; output: UpdateGroupResponse };
	UpdateImpersonationRole: { input: UpdateImpersonationRoleRequest; output: UpdateImpersonationRoleResponse };
	UpdateMailboxQuota: { input: UpdateMailboxQuotaRequest; output: UpdateMailboxQuotaResponse };
	UpdateMobileDeviceAccessRule: { input: UpdateMobileDeviceAccessRuleRequest; output: UpdateMobileDeviceAccessRuleResponse };
	UpdatePrimaryEmailAddress: { input: UpdatePrimaryEmailAddressRequest; output: UpdatePrimaryEmailAddressResponse };
	UpdateResource: { input: UpdateResourceRequest; output: UpdateResourceResponse };
	UpdateUser: { input: UpdateUserRequest; output: UpdateUserResponse };
	BeginPasskey: { input: BeginPasskeyRequest; output: BeginPasskeyResponse };
	ChangeOwnPassword: { input: ChangeOwnPasswordRequest; output: ChangeOwnPasswordResponse };
	ChangePassword: { input: ChangePasswordRequest; output: ChangePasswordResponse };
	CheckEmailAddress: { input: CheckEmailAddressRequest; output: CheckEmailAddressResponse };
	ConfirmDirectoryChanges: { input: ConfirmDirectoryChangesRequest; output: ConfirmDirectoryChangesResponse };
	ConfirmTotp: { input: ConfirmTotpRequest; output: ConfirmTotpResponse };
	CreateAccessKey: { input: CreateAccessKeyRequest; output: CreateAccessKeyResponse };
	CreateAdministrator: { input: CreateAdministratorRequest; output: CreateAdministratorResponse };
	CreateRecoveryCodes: { input: CreateRecoveryCodesRequest; output: CreateRecoveryCodesResponse };
	CreateUserWithMailbox: { input: CreateUserWithMailboxRequest; output: CreateUserWithMailboxResponse };
	DeleteAccessKey: { input: DeleteAccessKeyRequest; output: DeleteAccessKeyResponse };
	DeleteAdministrator: { input: DeleteAdministratorRequest; output: DeleteAdministratorResponse };
	DeletePasskey: { input: DeletePasskeyRequest; output: DeletePasskeyResponse };
	DeregisterDirectory: { input: DeregisterDirectoryRequest; output: DeregisterDirectoryResponse };
	DescribeAdministrator: { input: DescribeAdministratorRequest; output: DescribeAdministratorResponse };
	DescribeDirectory: { input: DescribeDirectoryRequest; output: DescribeDirectoryResponse };
	DescribeDirectorySync: { input: DescribeDirectorySyncRequest; output: DescribeDirectorySyncResponse };
	DescribeOrganizationContents: { input: DescribeOrganizationContentsRequest; output: DescribeOrganizationContentsResponse };
	DescribeSecondFactors: { input: DescribeSecondFactorsRequest; output: DescribeSecondFactorsResponse };
	FindAnything: { input: FindAnythingRequest; output: FindAnythingResponse };
	FindGroupMembers: { input: FindGroupMembersRequest; output: FindGroupMembersResponse };
	FindGroups: { input: FindGroupsRequest; output: FindGroupsResponse };
	FindMailDomains: { input: FindMailDomainsRequest; output: FindMailDomainsResponse };
	FindOrganizations: { input: FindOrganizationsRequest; output: FindOrganizationsResponse };
	FindPermissions: { input: FindPermissionsRequest; output: FindPermissionsResponse };
	FindResourceDelegates: { input: FindResourceDelegatesRequest; output: FindResourceDelegatesResponse };
	FindResources: { input: FindResourcesRequest; output: FindResourcesResponse };
	FindUsers: { input: FindUsersRequest; output: FindUsersResponse };
	FinishPasskey: { input: FinishPasskeyRequest; output: FinishPasskeyResponse };
	FinishSignIn: { input: FinishSignInRequest; output: FinishSignInResponse };
	ForceVerifyMailDomain: { input: ForceVerifyMailDomainRequest; output: ForceVerifyMailDomainResponse };
	GetPasswordPolicy: { input: GetPasswordPolicyRequest; output: GetPasswordPolicyResponse };
	GetStatistics: { input: GetStatisticsRequest; output: GetStatisticsResponse };
	ImportUsers: { input: ImportUsersRequest; output: ImportUsersResponse };
	ListAccessKeys: { input: ListAccessKeysRequest; output: ListAccessKeysResponse };
	ListAdministrators: { input: ListAdministratorsRequest; output: ListAdministratorsResponse };
	ListAuditRecords: { input: ListAuditRecordsRequest; output: ListAuditRecordsResponse };
	ListDirectories: { input: ListDirectoriesRequest; output: ListDirectoriesResponse };
	ListHeldPermissions: { input: ListHeldPermissionsRequest; output: ListHeldPermissionsResponse };
	ListPasskeys: { input: ListPasskeysRequest; output: ListPasskeysResponse };
	ListRegions: { input: ListRegionsRequest; output: ListRegionsResponse };
	ListSessions: { input: ListSessionsRequest; output: ListSessionsResponse };
	ListSignIns: { input: ListSignInsRequest; output: ListSignInsResponse };
	ProposeEmailAddresses: { input: ProposeEmailAddressesRequest; output: ProposeEmailAddressesResponse };
	RegisterDirectory: { input: RegisterDirectoryRequest; output: RegisterDirectoryResponse };
	RemoveTotp: { input: RemoveTotpRequest; output: RemoveTotpResponse };
	ResetSecondFactor: { input: ResetSecondFactorRequest; output: ResetSecondFactorResponse };
	RevokeSession: { input: RevokeSessionRequest; output: RevokeSessionResponse };
	SetUpTotp: { input: SetUpTotpRequest; output: SetUpTotpResponse };
	SignIn: { input: SignInRequest; output: SignInResponse };
	SignOut: { input: SignOutRequest; output: SignOutResponse };
	SyncDirectory: { input: SyncDirectoryRequest; output: SyncDirectoryResponse };
	TestDirectory: { input: TestDirectoryRequest; output: TestDirectoryResponse };
	UpdateAccessKey: { input: UpdateAccessKeyRequest; output: UpdateAccessKeyResponse };
	UpdateAdministrator: { input: UpdateAdministratorRequest; output: UpdateAdministratorResponse };
	UpdateDirectory: { input: UpdateDirectoryRequest; output: UpdateDirectoryResponse };
	UpdateTags: { input: UpdateTagsRequest; output: UpdateTagsResponse };
	VerifyMailDomain: { input: VerifyMailDomainRequest; output: VerifyMailDomainResponse };
	WhoAmI: { input: WhoAmIRequest; output: WhoAmIResponse };
}

export const targets: { [Name in keyof Operations]: string } = {
	AssociateDelegateToResource: "WorkMailService",
	AssociateMemberToGroup: "WorkMailService",
	AssumeImpersonationRole: "WorkMailService",
	CancelMailboxExportJob: "WorkMailService",
	CreateAlias: "WorkMailService",
	CreateAvailabilityConfiguration: "WorkMailService",
	CreateGroup: "WorkMailService",
	CreateIdentityCenterApplication: "WorkMailService",
	CreateImpersonationRole: "WorkMailService",
	CreateMobileDeviceAccessRule: "WorkMailService",
	CreateOrganization: "WorkMailService",
	CreateResource: "WorkMailService",
	CreateUser: "WorkMailService",
	DeleteAccessControlRule: "WorkMailService",
	DeleteAlias: "WorkMailService",
	DeleteAvailabilityConfiguration: "WorkMailService",
	DeleteEmailMonitoringConfiguration: "WorkMailService",
	DeleteGroup: "WorkMailService",
	DeleteIdentityCenterApplication: "WorkMailService",
	DeleteIdentityProviderConfiguration: "WorkMailService",
	DeleteImpersonationRole: "WorkMailService",
	DeleteMailboxPermissions: "WorkMailService",
	DeleteMobileDeviceAccessOverride: "WorkMailService",
	DeleteMobileDeviceAccessRule: "WorkMailService",
	DeleteOrganization: "WorkMailService",
	DeletePersonalAccessToken: "WorkMailService",
	DeleteResource: "WorkMailService",
	DeleteRetentionPolicy: "WorkMailService",
	DeleteUser: "WorkMailService",
	DeregisterFromWorkMail: "WorkMailService",
	DeregisterMailDomain: "WorkMailService",
	DescribeEmailMonitoringConfiguration: "WorkMailService",
	DescribeEntity: "WorkMailService",
	DescribeGroup: "WorkMailService",
	DescribeIdentityProviderConfiguration: "WorkMailService",
	DescribeInboundDmarcSettings: "WorkMailService",
	DescribeMailboxExportJob: "WorkMailService",
	DescribeOrganization: "WorkMailService",
	DescribeResource: "WorkMailService",
	DescribeUser: "WorkMailService",
	DisassociateDelegateFromResource: "WorkMailService",
	DisassociateMemberFromGroup: "WorkMailService",
	GetAccessControlEffect: "WorkMailService",
	GetDefaultRetentionPolicy: "WorkMailService",
	GetImpersonationRole: "WorkMailService",
	GetImpersonationRoleEffect: "WorkMailService",
	GetMailDomain: "WorkMailService",
	GetMailboxDetails: "WorkMailService",
	GetMobileDeviceAccessEffect: "WorkMailService",
	GetMobileDeviceAccessOverride: "WorkMailService",
	GetPersonalAccessTokenMetadata: "WorkMailService",
	ListAccessControlRules: "WorkMailService",
	ListAliases: "WorkMailService",
	ListAvailabilityConfigurations: "WorkMailService",
	ListGroupMembers: "WorkMailService",
	ListGroups: "WorkMailService",
	ListGroupsForEntity: "WorkMailService",
	ListImpersonationRoles: "WorkMailService",
	ListMailDomains: "WorkMailService",
	ListMailboxExportJobs: "WorkMailService",
	ListMailboxPermissions: "WorkMailService",
	ListMobileDeviceAccessOverrides: "WorkMailService",
	ListMobileDeviceAccessRules: "WorkMailService",
	ListOrganizations: "WorkMailService",
	ListPersonalAccessTokens: "WorkMailService",
	ListResourceDelegates: "WorkMailService",
	ListResources: "WorkMailService",
	ListTagsForResource: "WorkMailService",
	ListUsers: "WorkMailService",
	PutAccessControlRule: "WorkMailService",
	PutEmailMonitoringConfiguration: "WorkMailService",
	PutIdentityProviderConfiguration: "WorkMailService",
	PutInboundDmarcSettings: "WorkMailService",
	PutMailboxPermissions: "WorkMailService",
	PutMobileDeviceAccessOverride: "WorkMailService",
	PutRetentionPolicy: "WorkMailService",
	RegisterMailDomain: "WorkMailService",
	RegisterToWorkMail: "WorkMailService",
	ResetPassword: "WorkMailService",
	StartMailboxExportJob: "WorkMailService",
	TagResource: "WorkMailService",
	TestAvailabilityConfiguration: "WorkMailService",
	UntagResource: "WorkMailService",
	UpdateAvailabilityConfiguration: "WorkMailService",
	UpdateDefaultMailDomain: "WorkMailService",
	UpdateGroup: "WorkMailService",
	UpdateImpersonationRole: "WorkMailService",
	UpdateMailboxQuota: "WorkMailService",
	UpdateMobileDeviceAccessRule: "WorkMailService",
	UpdatePrimaryEmailAddress: "WorkMailService",
	UpdateResource: "WorkMailService",
	UpdateUser: "WorkMailService",
	BeginPasskey: "Postroom",
	ChangeOwnPassword: "Postroom",
	ChangePassword: "Postroom",
	CheckEmailAddress: "Postroom",
	ConfirmDirectoryChanges: "Postroom",
	ConfirmTotp: "Postroom",
	CreateAccessKey: "Postroom",
	CreateAdministrator: "Postroom",
	CreateRecoveryCodes: "Postroom",
	CreateUserWithMailbox: "Postroom",
	DeleteAccessKey: "Postroom",
	DeleteAdministrator: "Postroom",
	DeletePasskey: "Postroom",
	DeregisterDirectory: "Postroom",
	DescribeAdministrator: "Postroom",
	DescribeDirectory: "Postroom",
	DescribeDirectorySync: "Postroom",
	DescribeOrganizationContents: "Postroom",
	DescribeSecondFactors: "Postroom",
	FindAnything: "Postroom",
	FindGroupMembers: "Postroom",
	FindGroups: "Postroom",
	FindMailDomains: "Postroom",
	FindOrganizations: "Postroom",
	FindPermissions: "Postroom",
	FindResourceDelegates: "Postroom",
	FindResources: "Postroom",
	FindUsers: "Postroom",
	FinishPasskey: "Postroom",
	FinishSignIn: "Postroom",
	ForceVerifyMailDomain: "Postroom",
	GetPasswordPolicy: "Postroom",
	GetStatistics: "Postroom",
	ImportUsers: "Postroom",
	ListAccessKeys: "Postroom",
	ListAdministrators: "Postroom",
	ListAuditRecords: "Postroom",
	ListDirectories: "Postroom",
	ListHeldPermissions: "Postroom",
	ListPasskeys: "Postroom",
	ListRegions: "Postroom",
	ListSessions: "Postroom",
	ListSignIns: "Postroom",
	ProposeEmailAddresses: "Postroom",
	RegisterDirectory: "Postroom",
	RemoveTotp: "Postroom",
	ResetSecondFactor: "Postroom",
	RevokeSession: "Postroom",
	SetUpTotp: "Postroom",
	SignIn: "Postroom",
	SignOut: "Postroom",
	SyncDirectory: "Postroom",
	TestDirectory: "Postroom",
	UpdateAccessKey: "Postroom",
	UpdateAdministrator: "Postroom",
	UpdateDirectory: "Postroom",
	UpdateTags: "Postroom",
	VerifyMailDomain: "Postroom",
	WhoAmI: "Postroom",
};
