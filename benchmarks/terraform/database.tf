# The database of exercise 02 with the same flaw, for scanners that read Terraform.

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  for_each          = { a = 10, b = 11, c = 12 }
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.${each.value}.0/24"
  availability_zone = "ap-southeast-1${each.key}"
}

resource "aws_db_subnet_group" "database" {
  name       = "emergency-alert-db-subnets"
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
}

resource "aws_kms_key" "main" {
  description         = "Encrypts what the emergency-alert system stores"
  enable_key_rotation = true
}

resource "aws_db_instance" "database" {
  identifier                  = "emergency-alert-db"
  engine                      = "postgres"
  engine_version              = "17"
  instance_class              = "db.t3.medium"
  allocated_storage           = 100
  storage_type                = "gp3"
  storage_encrypted           = true
  kms_key_id                  = aws_kms_key.main.arn
  db_name                     = "alerts"
  username                    = "alert_admin"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.database.name
  multi_az                    = false
  publicly_accessible         = false
  backup_retention_period     = 30
  deletion_protection         = true
  final_snapshot_identifier   = "emergency-alert-db-final"
}
