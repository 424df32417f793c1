"""EC2's transit gateways."""

from lab_support.mock_aws.find_resources import FindOne
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services.ec2_common import ec2_spec

SPECS = {
    "ec2transitgateway.TransitGateway": ec2_spec(
        "tgw",
        "transit-gateway",
        computed={
            "associationDefaultRouteTableId": "tgw-rtb-{hex17}",
            "propagationDefaultRouteTableId": "tgw-rtb-{hex17}",
        },
        data_sources={
            "ec2transitgateway.getTransitGateway": FindOne({"id": "id"}, what="EC2 Transit Gateway")
        },
    ),
    "ec2transitgateway.VpcAttachment": ec2_spec(
        "tgw-attach",
        "transit-gateway-attachment",
        defaults={"securityGroupReferencingSupport": "enable"},
        computed={"vpcOwnerId": "{account}"},
        in_place=("subnetIds",),
    ),
    "ec2transitgateway.RouteTable": ec2_spec("tgw-rtb", "transit-gateway-route-table"),
    "ec2transitgateway.Route": ResourceSpec(id="{transitGatewayRouteTableId}_{destinationCidrBlock}"),
    "ec2transitgateway.RouteTableAssociation": ResourceSpec(
        id="{transitGatewayRouteTableId}_{transitGatewayAttachmentId}", computed={"resourceType": "vpc"}
    ),
    "ec2transitgateway.RouteTablePropagation": ResourceSpec(
        id="{transitGatewayRouteTableId}_{transitGatewayAttachmentId}", computed={"resourceType": "vpc"}
    ),
}
